"""The report as one HTML file: self-contained, readable by screen readers, on phones and on paper, without scripts."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

_STYLE: Final = Path(__file__).with_name("report.css")


def html_of(data: Mapping[str, Any]) -> bytes:
    """Return the page of a report's contents (contents.py)."""
    return "\n".join([*_head(data), *_body(data), "</main>", "</body>", "</html>", ""]).encode()


def _head(data: Mapping[str, Any]) -> Iterator[str]:
    title = f"{escape(data['title'])} · {escape(data['kicker'])}"
    yield "<!doctype html>"
    yield f'<html lang="{escape(data["lang"])}">'
    yield '<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>"


def _body(data: Mapping[str, Any]) -> Iterator[str]:
    yield f'<body>\n<main>\n<p class="kicker">{escape(data["kicker"])}</p>\n<h1>{escape(data["title"])}</h1>'
    yield '<div class="verdict">' + "".join(f"<p>{escape(line)}</p>" for line in data["verdict"]) + "</div>"
    pairs = (f"<div><dt>{escape(name)}</dt>{''.join(map(_value, values))}</div>" for name, values in data["facts"])
    yield f"<dl>{''.join(pairs)}</dl>"
    for section in data["sections"]:
        yield f"<h2>{escape(section['title'])}</h2>"
        yield from (_BLOCKS[block["kind"]](block) for block in section["blocks"])


def _value(text: str) -> str:
    return f"<dd>{escape(text)}</dd>"


def _text(block: Mapping[str, Any]) -> str:
    return "\n".join(f"<p>{escape(line)}</p>" for line in block["paragraphs"])


def _heading(block: Mapping[str, Any]) -> str:
    return f"<h3>{escape(block['text'])}</h3>"


def _list(block: Mapping[str, Any]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{escape(item)}</li>" for item in block["items"]) + "\n</ul>"


def _table(block: Mapping[str, Any]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in block["head"])
    rows = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in block["rows"])
    label = escape(block["head"][0])
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label}">\n{table}\n</div>'


_BLOCKS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "text": _text,
    "heading": _heading,
    "list": _list,
    "table": _table,
}
