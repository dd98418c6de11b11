"""A petition with only what is new, put together with the one that is there already.

Groups are joined field by field; a list grows by what is new; a text, a number or a date takes the place of the old
one. What has a mark (`id`) that is there already is refused when the whole is read: to change an entry, write the whole
petition.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import PetitionError, PetitionRefusedError
from app.domain.petition.loading import Loaded, load_values
from app.domain.petition.reading import read


def load_added(petition: Mapping[str, Any], data: bytes) -> Loaded:
    """Return a petition with the additions of a YAML or JSON file; raises as `load` does."""
    try:
        added = read(data).value
    except PetitionError as error:
        problem = error
    else:
        return load_values(joined(petition, added))
    raise PetitionRefusedError([problem])


def joined(before: Any, added: Any) -> Any:
    """Return plain values with what is new in them."""
    if isinstance(before, Mapping) and isinstance(added, Mapping):
        names = [*before, *(name for name in added if name not in before)]
        return {name: joined(before.get(name), added[name]) if name in added else before[name] for name in names}
    if isinstance(before, list | tuple) and isinstance(added, list | tuple):
        return [*before, *added]
    return added
