"""DOCX to the text that a reader of it sees. Runs in the child only.

Not taken: what was deleted or moved away under tracked changes, comments, hidden text (of a run or by its style),
instructions of fields, letters in white or too small to be read, properties, custom XML, the template.
Pictures are counted; a document of nothing but pictures is drawn.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.packages import Package, attribute, local

_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "delInstrText", "comment", "Fallback", "pPr", "tblPr", "sectPr", "pict"}
)
_OFF = frozenset({"0", "false", "off", "none"})
_SMALLEST = 6
"""Half points: 3 points, below which nobody reads."""


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
        elif (name not in _SKIPPED or name == "pict") and not (name == "r" and _is_hidden(child, hidden)):
            yield from _pictures(child, hidden)


def _opened(package: Package) -> tuple[dict[str, Element], frozenset[str]]:
    """Return the parts that a reader sees, by their names, and the styles that hide. Raises Refused."""
    edges = [name for name in package.names if name.startswith(("word/header", "word/footer")) and name[-4:] == ".xml"]
    hidden = _hidden_styles(package.xml("word/styles.xml"))
    found = {name: package.xml(name) for name in (*sorted(edges), *_PARTS)}
    if found[_PARTS[0]] is None:
        raise Refused("broken")
    return {name: root for name, root in found.items() if root is not None}, hidden


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
    for each in properties:
        name, value = local(each), (attribute(each, "val") or "").lower()
        if name in ("vanish", "webHidden", "specVanish") and value not in _OFF:
            return True
        if name == "color" and value == "ffffff":
            return True
        if name == "sz" and value.isdigit() and int(value) < _SMALLEST:
            return True
    return False


def _lines(root: Element, hidden: frozenset[str]) -> Iterator[str]:
    for child in root:
        name = local(child)
        if name in _SKIPPED:
            continue
        if name == "p":
            yield "".join(_said(child, hidden))
            yield from _boxes(child, hidden)
        elif name == "tr":
            if not any(local(each) == "hidden" for each in child.iter() if local(each) != "tc"):
                yield " | ".join(" ".join(_lines(cell, hidden)).strip() for cell in _cells(child))
        else:
            yield from _lines(child, hidden)


def _cells(row: Element) -> Iterator[Element]:
    return (each for each in row.iter() if local(each) == "tc")


def _said(element: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the texts of a paragraph, or of a part of it, text boxes excepted."""
    for child in element:
        name = local(child)
        if name in _SKIPPED or name == "txbxContent" or (name == "r" and _is_hidden(child, hidden)):
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
        if name in _SKIPPED or (name == "r" and _is_hidden(child, hidden)):
            continue
        if name == "txbxContent":
            yield from _lines(child, hidden)
        else:
            yield from _boxes(child, hidden)
