"""The offline edition of the guided filing: one HTML file for each language, and the list of all code of this version.

1. The page is drawn from the same template as `/file`, and carries style, words, rules and modules in itself, each
   module as it is served. A small script links them (app/static/offline/loader.js).
2. Its own policy lets nothing else run, and nothing be loaded or sent: a changed file could, this one cannot.
3. The edition is the same for every portal: from a checkout of the same version the same bytes come out. Its hash
   stands in the manifest, whose hash stands in the log.
4. What a portal hands out is the edition and one line more: the portal's name and keys. Under the edition's policy that
   line cannot do anything. Without it, the file's hash is the one in the manifest.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import rfc8785
from jinja2 import Environment

from app.i18n import LANGUAGES
from app.resources import TEMPLATES
from app.web.assets import Assets, installed
from app.web.contexts.frame import Frame
from app.web.contexts.petitioner import FilePage
from app.web.modules import FORMAT
from app.web.pages import environment, render_page, vocabulary
from crypto.digest import sha256, sha256_hex, sha384_base64

_FOLDER = "offline/"
_LOADER = "offline/loader.js"
_ENTRY = "file/page.js"
_LATER = ("file/rest.js", "file/engine.js", "seal/phrase.js", "copies/desk.js")
_POLICY = {
    "default-src": "'none'",
    "img-src": "data: blob:",
    "worker-src": "blob:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "resguardo-worker",
}


@dataclass(frozen=True)
class Published:
    """All code of this version: `manifest` lists it, `editions` are the offline files by name, without a portal."""

    manifest: bytes
    sha256: str
    hashes: tuple[tuple[str, str], ...]
    editions: Mapping[str, bytes]


@cache
def published() -> Published:
    """Return what this version serves. Raises KeyError where the libraries were not built."""
    assets = installed()
    editions = {f"resguardo-{language}.html": text.encode() for language, text in _drawn(assets)}
    hashes = dict(assets.modules.hashes())
    hashes |= {_FOLDER + name: f"sha384-{sha384_base64(content)}" for name, content in editions.items()}
    manifest = rfc8785.dumps({"format": FORMAT, "modules": hashes})
    return Published(manifest, sha256_hex(manifest), tuple(sorted(hashes.items())), editions)


def for_portal(edition: bytes, portal: str) -> bytes:
    """Return the edition with its portal's line; `portal` is JSON without `<`."""
    return edition + _data("portal", portal).encode()


def _drawn(assets: Assets) -> list[tuple[str, str]]:
    made = environment(LANGUAGES[0], TEMPLATES, assets, Environment)  # one template for all languages
    template = made.get_template("petitioner/offline.html")
    found = []
    for language in LANGUAGES:
        frame = Frame(language, (), "", "", "")
        page = render_page(template, FilePage("", offline=True), frame, vocabulary(language, assets))
        found.append((language, _self_contained(page, language, assets)))
    return found


def _self_contained(page: str, language: str, assets: Assets) -> str:
    style, loader = assets.text("style.css"), assets.text(_LOADER)
    policy = _POLICY | {"script-src": f"'{_hash(loader)}' blob:", "style-src": f"'{_hash(style)}'"}
    said = "; ".join(f"{name} {value}" for name, value in policy.items())
    modules = json.dumps(_modules(assets), ensure_ascii=False, sort_keys=True, indent=0)
    words = assets.text(f"words/{language}.json")
    inside = (
        _data("words-data", words), _data("rules-data", assets.text("rules.json")), _data("modules-data", modules)
    )  # fmt: skip
    charset = '<meta charset="utf-8">\n'
    head = f'{charset}  <meta http-equiv="content-security-policy" content="{said}">\n'
    page = page.replace(charset, head, 1).replace("</head>", f"<style>{style}</style>\n</head>", 1)
    return page.replace("</body>", f"{''.join(inside)}<script>{loader}</script>\n</body>", 1) + "\n"


def _modules(assets: Assets) -> dict[str, str]:
    names = dict.fromkeys(name for entry in (_ENTRY, *_LATER) for name in assets.modules.loaded_by(entry))
    return {name: assets.text(name) for name in names}


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode())).decode()}"


def _data(name: str, text: str) -> str:
    """Return JSON as an element that no browser runs; `<` in it could end the element."""
    return f'<script type="application/json" id="{name}">{text.replace("<", chr(92) + "u003c")}</script>\n'
