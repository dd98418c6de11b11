"""ODT to the text that a reader of it sees. Runs in the child only.

Not taken: tracked changes, comments, hidden text, paragraphs and sections, collapsed rows, pictures, properties.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.packages import Package, attribute, local

_SKIPPED = frozenset(
    {
        "tracked-changes",
        "annotation",
        "annotation-end",
        "hidden-text",
        "hidden-paragraph",
        "forms",
        "image",
        "object",
        "title",
        "desc",
        "variable-decls",
        "sequence-decls",
        "user-field-decls",
        "script",
        "meta-field",
    }
)
_WHITE = "#ffffff"
_MOST_SPACES = 100


def text_of_open_text(data: bytes) -> Written:
    """Return the visible text, a paragraph a line, cells of a row side by side. Raises Refused."""
    body, hidden, _ = _opened(data)
    return Written("\n".join(_lines(body, hidden)), len(list(_pictures(body, hidden))))


def pictures_of_open_text(data: bytes) -> list[bytes]:
    """Return the pictures that a reader sees, in order. Raises Refused."""
    body, hidden, package = _opened(data)
    return [package.picture(name) for name in _pictures(body, hidden)]


def _opened(data: bytes) -> tuple[Element, frozenset[str], Package]:
    package = Package(data)
    content = package.xml("content.xml")
    if content is None:
        raise Refused("broken")
    roots = [root for root in (package.xml("styles.xml"), content) if root is not None]
    hidden = hidden_styles(roots)
    body = next((each for each in content.iter() if local(each) == "text" and "office" in each.tag), None)
    if body is None:
        raise Refused("broken")
    return body, hidden, package


def hidden_styles(roots: Iterable[Element]) -> frozenset[str]:
    """Return the names of styles that hide what has them."""
    return frozenset(mark for root in roots for mark in _hidden_styles(root))


def _pictures(root: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the members that hold the pictures of what is not hidden."""
    for child in root:
        if local(child) == "image" and (name := attribute(child, "href")):
            yield name.removeprefix("./")
        elif (local(child) not in _SKIPPED or local(child) == "object") and not _is_hidden(child, hidden):
            yield from _pictures(child, hidden)


def _hidden_styles(root: Element) -> Iterator[str]:
    for style in (each for each in root.iter() if local(each) == "style"):
        if any(_hides(properties) for properties in style):
            yield attribute(style, "name") or ""


def _hides(properties: Element) -> bool:
    shown = {attribute(properties, "display"), attribute(properties, "visibility")}
    return bool(shown & {"none", "collapse"}) or (
        local(properties) == "text-properties" and (attribute(properties, "color") or "").lower() == _WHITE
    )


def _is_hidden(element: Element, hidden: frozenset[str]) -> bool:
    return attribute(element, "style-name") in hidden or bool(
        {attribute(element, "display"), attribute(element, "visibility")} & {"none", "collapse", "filter"}
    )


def _lines(root: Element, hidden: frozenset[str]) -> Iterator[str]:
    for child in root:
        name = local(child)
        if name in _SKIPPED or _is_hidden(child, hidden):
            continue
        if name in ("p", "h"):
            yield "".join(said(child, hidden))
        elif name == "table-row":
            cells = (each for each in child if local(each) == "table-cell")
            yield " | ".join(" ".join(_lines(cell, hidden)).strip() for cell in cells)
        else:
            yield from _lines(child, hidden)


def said(element: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the visible texts of a paragraph."""
    yield element.text or ""
    for child in element:
        if local(child) not in _SKIPPED and not _is_hidden(child, hidden):
            yield from _inside(child, hidden)
        yield child.tail or ""


def _inside(child: Element, hidden: frozenset[str]) -> Iterator[str]:
    name = local(child)
    if name == "s":
        count = attribute(child, "c") or "1"
        yield " " * min(int(count) if count.isdigit() else 1, _MOST_SPACES)
    elif name == "tab":
        yield "\t"
    elif name == "line-break":
        yield "\n"
    elif name in ("p", "h"):
        yield " "
        yield from said(child, hidden)
    else:
        yield from said(child, hidden)
