"""The public version as a document: tagged, searchable, without hashes of anything that is not public.

It is laid out by the template of the export for the official intake, and has neither its proof nor its codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.document.content import Content
from app.domain.document.typeset import compiled
from app.domain.labels import label
from app.domain.record_view import RecordView, view_of
from app.glyphs import shown
from app.i18n import N_, t

_SECTIONS = (
    N_("Workplace"),
    N_("Petitioners"),
    N_("Denial of rights"),
    N_("Facts"),
    N_("Timeline"),
    N_("Remedy asked for"),
)


def view_of_public(version: Mapping[str, Any]) -> RecordView:
    """Return a public version as people read it: whoever is named in it agreed to be."""
    return view_of({**version, "petitioners": [{**each, "public": True} for each in version.get("petitioners", ())]})


@dataclass(frozen=True)
class PublicDocument:
    """A public version in one language, with the case's number and its own hash."""

    version: Mapping[str, Any]
    case: str
    sha256: str
    language: str

    def pdf(self) -> bytes:
        """Return the PDF; it has no date, since the day on which somebody made it is nobody's business."""
        return compiled(self.data(), 0)

    def data(self) -> dict[str, Any]:
        """Return everything that the template shows, as plain JSON values."""
        record = view_of_public(self.version)
        facts = [
            [self._say(N_("Case number")), [self.case]],
            [self._say(N_("Language of the petition")), [label(self.language, "word", record.language)]],
            [self._say(N_("Public version, SHA-256")), [self.sha256]],
        ]
        return {
            "lang": self.language,
            "title": shown(self._title(record)),
            "kicker": self._say(N_("Public version, given out by the petitioners")),
            "facts": facts,
            "notices": [[self._say(N_("What is not in it")), self._say(_LEFT_OUT)]],
            "contents": self._say(N_("Contents")),
            "footer": self._say(N_("Public version of case {case}"), case=self.case),
            "sections": list(self._sections(record)),
            "codes": None,
            "proof": None,
        }

    def _say(self, msgid: str, **values: object) -> str:
        return t(self.language, msgid, **values)

    def _title(self, record: RecordView) -> str:
        if not record.title:
            return self._say(N_("Rapid Response petition"))
        return self._say(N_("Petition about {facility}"), facility=record.title)

    def _sections(self, record: RecordView) -> list[dict[str, Any]]:
        """Return those sections that a public version has, in the export's words and order."""
        wanted = {self._say(title) for title in _SECTIONS}
        if not record.petitioners:
            wanted.remove(self._say(N_("Petitioners")))
        return [section for section in Content(record, self.language).sections() if section["title"] in wanted]


_LEFT_OUT = N_(
    "Witnesses are named nowhere, and everybody among them is called the same. Days are given as months. Evidence, "
    "contacts, numbers of witnesses and what the petitioners told the office in confidence are not in it."
)
