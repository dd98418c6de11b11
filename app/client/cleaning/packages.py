"""Documents that are ZIP files of XML, opened within bounds. Runs in the child only."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from app.client.cleaning.frames import MIB, Refused

_MOST_INSIDE = 128 * MIB
"""Bytes of all members inflated, as they declare it; a member that lies about itself is cut off."""
_MOST_MEMBERS = 5000
_MOST_MEMBER = 48 * MIB
_BROKEN = (
    DefusedXmlException,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    NotImplementedError,
    RecursionError,
)


class Package:
    """A ZIP of XML members."""

    def __init__(self, data: bytes) -> None:
        """Open it and look at what it declares. Raises Refused."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise Refused("broken") from error
        if any(member.flag_bits & 1 for member in members):
            raise Refused("locked")
        if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_INSIDE:
            raise Refused("bomb")
        self.names = [member.filename for member in members]

    def xml(self, name: str) -> Element | None:
        """Return the root of a member, None if it is not there; entities and DTDs are refused. Raises Refused."""
        if name not in self.names:
            return None
        try:
            with self._zip.open(name) as member:
                data = member.read(_MOST_MEMBER + 1)
            if len(data) > _MOST_MEMBER:
                raise Refused("bomb")
            root: Element = ElementTree.fromstring(data, forbid_dtd=True)
        except _BROKEN as error:
            raise Refused("broken") from error
        return root

    def picture(self, name: str) -> bytes:
        """Return a member that is drawn, not read. Raises Refused: it is not inside, or larger than it should be."""
        if name not in self.names:
            raise Refused("office")  # a picture that stands elsewhere is fetched by nobody
        try:
            with self._zip.open(name) as member:
                data = member.read(_MOST_MEMBER + 1)
        except _BROKEN as error:
            raise Refused("broken") from error
        if len(data) > _MOST_MEMBER:
            raise Refused("bomb")
        return data


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its name without a namespace."""
    return next((value for key, value in element.attrib.items() if _local(key) == name), None)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
