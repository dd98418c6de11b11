"""ODT to the text that a reader of it sees. Runs in the child only.

Not taken: tracked changes, comments, hidden text, paragraphs and sections, collapsed rows, letters that nobody sees
(white, of their ground's colour, tiny, transparent), embedded objects, pictures, properties.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.packages import Package, attribute, local
from app.client.cleaning.seeing import FAINTEST, SMALLEST, WHITE, measure, unseen

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
        "object-ole",
        "plugin",
        "applet",
        "floating-frame",
        "binary-data",
        "event-listeners",
        "title",
        "desc",
        "variable-decls",
        "sequence-decls",
        "user-field-decls",
        "script",
        "meta-field",
    }
)
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
    styles = [style for root in roots for style in root.iter() if local(style) == "style"]
    hidden = {attribute(style, "name") or "" for style in styles if _style_hides(style)}
    for _ in styles:
        resting = (each for each in styles if attribute(each, "parent-style-name") in hidden and not _shows(each))
        more = {attribute(each, "name") or "" for each in resting} - hidden
        if not more:
            break
        hidden |= more
    return frozenset(hidden)


def _pictures(root: Element, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the members that hold the pictures of what is not hidden."""
    for child in root:
        if local(child) == "image" and (name := attribute(child, "href")):
            yield name.removeprefix("./")
        elif (local(child) not in _SKIPPED or local(child) == "object") and not _is_hidden(child, hidden):
            yield from _pictures(child, hidden)


def _style_hides(style: Element) -> bool:
    given = {name: value for part in style for name, value in _plain(part).items()}
    ink, ground = given.get("color", "").lstrip("#"), given.get("background-color", "").lstrip("#")
    size = measure(given.get("font-size"), "pt")
    shares = (measure(given.get(name), "%") for name in ("opacity", "text-scale"))
    return (
        {given.get("display"), given.get("visibility")} & {"none", "collapse"} != set()
        or unseen(ink, ground if ground != "transparent" and ground else WHITE)
        or (size is not None and size < SMALLEST)
        or any(share is not None and share <= FAINTEST for share in shares)
    )


def _shows(style: Element) -> bool:
    """Tell whether a style says for itself how its letters look, whatever it rests on."""
    return any({"color", "display"} & set(_plain(part)) for part in style)


def _plain(part: Element) -> dict[str, str]:
    return {key.rpartition("}")[2]: value.lower() for key, value in part.attrib.items()}


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
    """Yield the visible texts of a paragraph; letters that stand in anything but an element of text are data."""
    own = "text" in element.tag.rpartition("}")[0]
    yield (element.text or "") if own else ""
    for child in element:
        if local(child) not in _SKIPPED and not _is_hidden(child, hidden):
            yield from _inside(child, hidden)
        yield (child.tail or "") if own else ""


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
