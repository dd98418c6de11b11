"""A page that seals, at a real portal's address, under the policy and with the links that such a page gets."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, Route

from app.resources import STATIC
from app.web.assets import Assets
from app.web.headers import STANDARD, content_security_policy
from tests.assets import built
from tests.browser.chromium import PHONE, Watched, watched_page
from tests.portal import RunningPortal

ENTRIES = ("seal/filing.js", "seal/case.js", "seal/phrase.js")
_PATH = "/sealing-test"


@dataclass
class SealingPage:
    """The open page; `call` runs an exported function of a module in it."""

    watched: Watched
    assets: Assets

    @property
    def page(self) -> Page:
        """The page itself."""
        return self.watched.page

    def run(self, body: str, argument: Any = None) -> Any:
        """Run a function's body in the page, with `filing`, `opening`, `phrase` (our modules) and `given`."""
        addresses = [self.assets.address(name) for name in ENTRIES]
        return self.page.evaluate(
            """async ([body, addresses, given]) => {
                const [filing, opening, phrase] = await Promise.all(addresses.map((address) => import(address)))
                const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
                try {
                    return { ok: await BODY(filing, opening, phrase, given, bytes) }
                } catch (error) {
                    return { code: error.code ?? String(error), kind: error.name, details: error.details }
                }
            }""".replace("BODY", f"(async (filing, opening, phrase, given, bytes) => {{ {body} }})"),
            [body, addresses, argument],
        )


def html(assets: Assets) -> str:
    """Return the page: links with hashes, the entry, nothing inline."""
    modules = dict.fromkeys(module for name in ENTRIES for module in assets.scripts(name))
    links = "".join(
        f'<link rel="modulepreload" href="{module.address}" integrity="{module.integrity}"'
        f"{' data-worker' if module.worker else ''}>"
        for module in modules
    )
    entry = assets.scripts(ENTRIES[0])[0]
    script = f'<script type="module" src="{entry.address}" integrity="{entry.integrity}"></script>'
    icon = f'<link rel="icon" href="{assets.address("mark.svg")}">'
    return f'<!doctype html><html lang="es"><head><meta charset="utf-8"><title>x</title>{icon}{links}{script}</head>'


@contextlib.contextmanager
def sealing_page(
    browser: Browser, portal: RunningPortal, *, quiet: tuple[str, ...] = (), changed: str = ""
) -> Iterator[SealingPage]:
    """Open the page; the static file whose name `changed` gives arrives with one byte more than it should have."""
    built()
    assets = Assets(STATIC)
    policy = content_security_policy(forms=False, sealed=True)
    headers = {**STANDARD, "content-security-policy": policy, "content-type": "text/html; charset=utf-8"}
    with watched_page(browser, PHONE, quiet=quiet) as watched:
        watched.page.route(
            portal.url + _PATH, lambda route: route.fulfill(status=200, headers=headers, body=html(assets))
        )
        if changed:
            watched.page.route(re.compile(re.escape(changed)), _with_one_byte_more)
        watched.page.goto(portal.url + _PATH)
        yield SealingPage(watched, assets)


def _with_one_byte_more(route: Route) -> None:
    answer = route.fetch()
    headers = {
        name: value for name, value in answer.headers.items() if name not in ("content-encoding", "content-length")
    }
    route.fulfill(status=answer.status, headers=headers, body=answer.body() + b"\n")
