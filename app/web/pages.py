"""Drawing pages: the template environments, the frame around each page, and its headers.

One environment per language, because a page's words are bound to it (`_`). Undefined names fail (StrictUndefined) and
everything is escaped; `redactions` and the authenticator's picture are the only markup made outside the templates.
"""

import gzip
from collections.abc import Mapping
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.domain.labels import label, labels
from app.i18n import LANGUAGES, translator
from app.web import words
from app.web.assets import Assets
from app.web.contexts.frame import Frame, Page, Person
from app.web.csrf import FIELD
from app.web.headers import content_security_policy
from app.web.language import language_links, language_of, remember_language
from app.web.settled import SettledEnvironment

E = TypeVar("E", bound=Environment)
SETTLED = ("_", "asset", "label", "labels")
"""What always says the same to the same words, as long as the portal runs."""


def environment(language: str, folder: Path, assets: Assets, kind: type[E]) -> E:
    """Return the template environment of one language."""
    made = kind(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # templates change with the version, which starts anew: no look at the disk for each page
    )
    made.globals = {**made.globals, **vocabulary(language, assets)}
    return made


def settled(language: str, folder: Path, assets: Assets) -> Environment:
    """Return the template environment of one language that draws many pages."""
    made = environment(language, folder, assets, SettledEnvironment)
    made.fixed = {name: made.globals[name] for name in SETTLED}
    return made


def vocabulary(language: str, assets: Assets) -> Mapping[str, object]:
    """Return the words that every template may use."""
    return {
        "_": translator(language),
        "asset": assets.address,
        "scripts": cache(assets.scripts),
        "later_scripts": cache(assets.later_scripts),
        "weight": cache(assets.weight),
        "first_words": cache(partial(assets.first_words, language)),
        "label": partial(label, language),
        "labels": partial(labels, language),
        "day": partial(words.day, language),
        "short_day": partial(words.short_day, language),
        "moment": partial(words.moment, language),
        "clock_words": partial(words.clock_words, language),
        "redactions": words.redactions,
        "token_field": FIELD,
    }


def render_page(
    template: Template, page: Page, frame: Frame, words: Mapping[str, object] = MappingProxyType({})
) -> str:
    """Return a page as HTML text; `words` are those of another language than the template's environment has."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}  # type: ignore[arg-type]  # pages are dataclasses
    return template.render(frame=frame, **values, **words)


class Pages:
    """The pages of one portal; `deployment` is `office` or `custodian`, `url` its public address if it has one.

    `standing` other than `whole` is explained on each page; `signing` says whether readers' devices sign.
    """

    def __init__(
        self,
        folder: Path,
        assets: Assets,
        *,
        portal: str,
        deployment: str,
        url: str | None,
        standing: str = "whole",
        signing: str = "off",
    ) -> None:
        self._environments = {language: settled(language, folder, assets) for language in LANGUAGES}
        self._portal = portal
        self._deployment = deployment
        self._url = url
        self._standing = standing
        self._signing = signing

    def frame(self, request: Request, person: Person | None, form_token: str) -> Frame:
        """Return the frame of a page for a request."""
        return Frame(
            language=language_of(request),
            languages=language_links(request),
            portal=self._portal,
            deployment=self._deployment,
            url=self.url_of(request),
            person=person,
            form_token=form_token,
            notice=words.standing_words(language_of(request), self._standing),
            signing=self._signing,
        )

    def url_of(self, request: Request) -> str:
        """Return the address at which the portal is reached."""
        return self._url or str(request.base_url).rstrip("/")

    def text(self, page: Page, frame: Frame) -> str:
        """Return a page as HTML text."""
        return render_page(self._environments[frame.language].get_template(page.template), page, frame)

    def render(
        self,
        request: Request,
        page: Page,
        *,
        status: int = 200,
        person: Person | None = None,
        form_token: str = "",
    ) -> HTMLResponse:
        """Return a page as the answer to a request, with its own policy about forms."""
        frame = self.frame(request, person, form_token)
        response = _response(request, self.text(page, frame), status, compress=page.sealed)
        response.headers["content-security-policy"] = content_security_policy(forms=page.forms, sealed=page.sealed)
        response.headers["content-language"] = frame.language
        response.headers["vary"] = "accept-language, accept-encoding, cookie"
        remember_language(request, response, https=frame.url.startswith("https://"))
        return response


def _response(request: Request, text: str, status: int, *, compress: bool) -> HTMLResponse:
    """Return a page, smaller if it is a sealed one: those hold no secret whose length could be felt out (BREACH)."""
    if not compress or "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(text, status_code=status)
    headers = {"content-encoding": "gzip"}
    return HTMLResponse(gzip.compress(text.encode(), mtime=0), status_code=status, headers=headers)
