"""A wheel without the bundled libraries would serve pages that cannot seal: building one is refused."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface[Any]):
    """Looks for the bundles before a wheel is made; an editable install finds them in the checkout later."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's own signature
        """Raise RuntimeError where `python app/bundling/build.py` was not run."""
        made = Path(self.root) / "app" / "static" / "vendor" / "versions.json"
        if version != "editable" and not made.exists():
            raise RuntimeError("app/static/vendor is missing: `make setup`, or `python app/bundling/build.py FOLDER`")
