"""DOCX to the text that a reader of it sees. Runs in the child only.

Not taken: what was deleted or moved away under tracked changes, comments, hidden text (of a run or by its style),
instructions of fields, letters that nobody sees (white, of their ground's colour, transparent, too small or narrow),
hidden drawings, what joined cells cover, heads, feet and notes of no page, properties, custom XML, the template.
Pictures are counted; a document of nothing but pictures is drawn.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.packages import Package, attribute, local
from app.client.cleaning.seeing import BLACK, FAINTEST, SMALLEST, WHITE, unseen

_BODY = "word/document.xml"
_NOTES = (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote"))
_EDGES = ("headerReference", "footerReference")
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "delInstrText", "comment", "Fallback", "pPr", "tblPr", "sectPr", "pict"}
)
_OFF = frozenset({"0", "false", "off", "none"})
_HIGHLIGHTS = {
    "black": BLACK,
    "white": WHITE,
    "darkblue": "000080",
    "darkred": "800000",
    "darkgreen": "008000",
    "darkgray": "808080",
    "lightgray": "c0c0c0",
    "yellow": "ffff00",
    "green": "00ff00",
    "cyan": "00ffff",
    "magenta": "ff00ff",
    "blue": "0000ff",
    "red": "ff0000",
}
_PAPER = frozenset({"background1", "light1"})
_CLEAR = 90_000
"""Thousandths of a percent of transparency, from which on nothing is seen."""


def text_of_word(data: bytes) -> Written:
    """Return the visible text, a paragraph a line, cells of a row side by side. Raises Refused."""
    package = Package(data)
    roots, hidden = _opened(package)
    text = "\n".join(line for root in roots.values() for line in _lines(root, hidden))
    return Written(text, sum(1 for root in roots.values() for _ in _pictures(root, hidden)))


def pictures_of_word(data: bytes) -> list[bytes]:
    """Return the pictures that a reader sees, in order. Raises Refused."""
    package = Package(data)
    roots, hidden = _opened(package)
    found = ((_targets(package, name), mark) for name, root in roots.items() for mark in _pictures(root, hidden))
    return [package.picture(targets.get(mark, "")) for targets, mark in found]


def _targets(package: Package, part: str) -> dict[str, str]:
    """Return the members that a part of the package refers to, by the marks that it uses for them."""
    root = package.xml(f"word/_rels/{part.removeprefix('word/')}.rels")
    every = [] if root is None else [each for each in root if attribute(each, "TargetMode") != "External"]
    targets = ((attribute(each, "Id") or "", attribute(each, "Target") or "") for each in every)
    return {mark: name.removeprefix("/") if name.startswith("/") else f"word/{name}" for mark, name in targets}


def _pictures(root: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the marks of the pictures of what is not hidden."""
    for child in root:
        name = local(child)
        if name in ("blip", "imagedata"):
            yield attribute(child, "embed") or attribute(child, "id") or ""
        elif name == "pict" or not _is_gone(child, hidden):
            yield from _pictures(child, hidden)


def _opened(package: Package) -> tuple[dict[str, Element], frozenset[str]]:
    """Return the parts that a reader sees, by their names, and the styles that hide. Raises Refused."""
    hidden, body = _hidden_styles(package.xml("word/styles.xml")), package.xml(_BODY)
    if body is None:
        raise Refused("broken")
    found = {name: package.xml(name) for name in sorted(_edges(package, body))} | {_BODY: body}
    for name, kind in _NOTES:
        notes = package.xml(name)
        if notes is not None:
            called = set(_called(body, hidden, f"{kind}Reference"))
            for note in [each for each in notes if attribute(each, "id") not in called]:
                notes.remove(note)
            found[name] = notes
    return {name: root for name, root in found.items() if root is not None}, hidden


def _edges(package: Package, body: Element) -> set[str]:
    """Return the heads and feet that pages have: a template's leftovers are in the file, and on no page."""
    targets, settings = _targets(package, _BODY), package.xml("word/settings.xml")
    sections = [each for each in body.iter() if local(each) == "sectPr"]
    kinds = {"default"}
    kinds |= {"first"} if any(_is_on(each, "titlePg") for each in sections) else set()
    kinds |= {"even"} if settings is not None and _is_on(settings, "evenAndOddHeaders") else set()
    references = [each for section in sections for each in section if local(each) in _EDGES]
    named = (each for each in references if (attribute(each, "type") or "default") in kinds)
    return {targets[mark] for each in named if (mark := attribute(each, "id") or "") in targets}


def _is_on(parent: Element, name: str) -> bool:
    return any(local(each) == name and (attribute(each, "val") or "").lower() not in _OFF for each in parent)


def _called(root: Element, hidden: frozenset[str], name: str) -> Iterator[str]:
    """Yield the numbers of the notes that what is seen refers to."""
    for child in root:
        if local(child) == name:
            yield attribute(child, "id") or ""
        elif not _is_gone(child, hidden):
            yield from _called(child, hidden, name)


def _is_gone(element: Element, hidden: frozenset[str]) -> bool:
    """Tell whether nobody sees an element, whatever stands in it."""
    name = local(element)
    return (
        name in _SKIPPED
        or (name == "r" and _is_hidden(element, hidden))
        or (name == "p" and _is_styled(element, hidden))
        or (name == "tr" and _row_is_gone(element))
        or (name == "tc" and _cell_is_gone(element))
        or (name == "drawing" and _drawing_is_hidden(element))
    )


def _is_styled(paragraph: Element, hidden: frozenset[str]) -> bool:
    properties = (each for part in paragraph if local(part) == "pPr" for each in part)
    return any(local(each) == "pStyle" and attribute(each, "val") in hidden for each in properties)


def _row_is_gone(row: Element) -> bool:
    """Tell whether a row is hidden, or deleted as a whole under tracked changes."""
    properties = (each for part in row if local(part) == "trPr" for each in part)
    return any(local(each) in ("hidden", "del") for each in properties)


def _cell_is_gone(cell: Element) -> bool:
    """Tell whether a cell is deleted, or lies below another one that was joined with it."""
    properties = [each for part in cell if local(part) == "tcPr" for each in part]
    merged = (each for each in properties if local(each) in ("vMerge", "hMerge"))
    return any(local(each) == "cellDel" for each in properties) or any(
        attribute(each, "val") != "restart" for each in merged
    )


def _drawing_is_hidden(drawing: Element) -> bool:
    named = (each for each in drawing.iter() if local(each) in ("docPr", "cNvPr"))
    return any((attribute(each, "hidden") or "").lower() in ("1", "true", "on") for each in named)


def _hidden_styles(root: Element | None) -> frozenset[str]:
    """Return the marks of styles that hide what has them, also by the style that they rest on."""
    every = [] if root is None else [each for each in root.iter() if local(each) == "style"]
    styles = {attribute(each, "styleId"): each for each in every}
    hidden = {mark for mark, style in styles.items() if any(_hides(each) for each in style if local(each) == "rPr")}
    for _ in styles:
        more = {mark for mark, style in styles.items() if _based_on(style) in hidden} - hidden
        if not more:
            break
        hidden |= more
    return frozenset(mark for mark in hidden if mark)


def _based_on(style: Element) -> str | None:
    return next((attribute(each, "val") for each in style if local(each) == "basedOn"), None)


def _hides(properties: Element) -> bool:
    given = {local(each): each for each in properties}
    value = {name: (attribute(each, "val") or "").lower() for name, each in given.items()}
    return (
        any(name in given and value[name] not in _OFF for name in ("vanish", "webHidden", "specVanish"))
        or _has_no_ink(given, value)
        or _is_below(value.get("sz"), 2 * SMALLEST)  # half points
        or _is_below(value.get("w"), FAINTEST + 1)  # percent of a letter's width
    )


def _has_no_ink(given: Mapping[str, Element], value: Mapping[str, str]) -> bool:
    """Tell whether letters have the colour of what is behind them, or none."""
    theme = attribute(given["color"], "themeColor") if "color" in given else None
    paper = theme in _PAPER and attribute(given["color"], "themeShade") is None
    ink = value.get("color", "auto")
    filled = (attribute(given["shd"], "fill") or "").lower() if "shd" in given else ""
    ground = _HIGHLIGHTS.get(value.get("highlight", ""), filled if filled and filled != "auto" else WHITE)
    if ink == "auto":
        # On a shade the letters turn white by themselves, below a marker they do not.
        ink = WHITE if paper else BLACK if "highlight" in given or ground == WHITE else ""
    inside = list(given["textFill"].iter()) if "textFill" in given else []
    alphas = (attribute(each, "val") or "" for each in inside if local(each) == "alpha")
    clear = any(alpha.isdigit() and int(alpha) >= _CLEAR for alpha in alphas)
    return unseen(ink, ground) or clear or any(local(each) == "noFill" for each in inside)


def _is_below(text: str | None, least: float) -> bool:
    return text is not None and text.isdigit() and int(text) < least


def _lines(root: Element, hidden: frozenset[str]) -> Iterator[str]:
    for child in root:
        name = local(child)
        if _is_gone(child, hidden):
            continue
        if name == "p":
            yield "".join(_said(child, hidden))
            yield from _boxes(child, hidden)
        elif name == "tr":
            cells = (() if _cell_is_gone(cell) else _lines(cell, hidden) for cell in _cells(child))
            yield " | ".join(" ".join(lines).strip() for lines in cells)
        else:
            yield from _lines(child, hidden)


def _cells(row: Element) -> Iterator[Element]:
    return (each for each in row.iter() if local(each) == "tc")


def _said(element: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the texts of a paragraph, or of a part of it, text boxes excepted."""
    for child in element:
        name = local(child)
        if name == "txbxContent" or _is_gone(child, hidden):
            continue
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        else:
            yield from _said(child, hidden)


def _is_hidden(run: Element, hidden: frozenset[str]) -> bool:
    for properties in (each for each in run if local(each) == "rPr"):
        styles = {attribute(each, "val") for each in properties if local(each) == "rStyle"}
        if styles & hidden or _hides(properties):
            return True
    return False


def _boxes(paragraph: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the lines of text boxes; of two forms of the same one (AlternateContent) the first."""
    for child in paragraph:
        name = local(child)
        if _is_gone(child, hidden):
            continue
        if name == "txbxContent":
            yield from _lines(child, hidden)
        else:
            yield from _boxes(child, hidden)
