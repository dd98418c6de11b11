"""The document itself, laid out by `app.domain.document`: the same bytes for the same case.

The day in the file's properties is that of the receipt; there is no author.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.client.case import CaseFile
from app.client.export.codes import pieces, svg
from app.client.export.material import Material
from app.client.export.omission import leave_out
from app.domain.document.content import Content, day, left_out_words
from app.domain.document.typeset import compiled
from app.domain.labels import label
from app.domain.record_view import RecordView, view_of
from app.glyphs import lines, shown
from app.i18n import N_, t
from crypto.log.proof import LogProof

_LINE = 84
"""Characters of the proof on one line of the page."""
_DEPLOYMENTS = {
    "office": N_("The portal is run by the office that decides."),
    "custodian": N_(
        "The portal only keeps the petition and its secrets. "
        "Official time limits run from the day on which the official intake receives it."
    ),
}


@dataclass(frozen=True)
class Document:
    """One export: what is shown of a case, in one language; `left_out` are the confidential paths that it omits."""

    material: Material
    language: str
    left_out: tuple[str, ...]

    def pdf(self) -> bytes:
        """Return the PDF."""
        midnight = datetime.combine(self._received(), datetime.min.time(), UTC)
        return compiled(self.data(), int(midnight.timestamp()))

    def data(self) -> dict[str, Any]:
        """Return everything that the template shows, as plain JSON values."""
        record = view_of(leave_out(self.material.record, self.left_out))
        return {
            "lang": self.language,
            "title": self._title(record),
            "kicker": self._say(N_("Rapid Response Labor Mechanism (USMCA, Annex 31-A)")),
            "facts": self._front(record),
            "notices": list(self._notices(record)),
            "contents": self._say(N_("Contents")),
            "footer": self._say(N_("Case {case}"), case=self._case.case),
            "sections": [*Content(record, self.language).sections(), self._hashes(), self._verification()],
            "codes": self._codes(),
            "proof": self._proof(),
        }

    @property
    def _case(self) -> CaseFile:
        return self.material.opened.case

    def _say(self, msgid: str, **values: object) -> str:
        return t(self.language, msgid, **values)

    def _received(self) -> date:
        return datetime.fromisoformat(self.material.received).astimezone(UTC).date()

    def _title(self, record: RecordView) -> str:
        if not record.title:
            return self._say(N_("Rapid Response petition"))
        return shown(self._say(N_("Petition about {facility}"), facility=record.title))

    # Title page

    def _front(self, record: RecordView) -> list[list[Any]]:
        place = {fact.key: fact.values[0] for fact in record.facility}
        where = [place[name] for name in ("municipality", "state") if name in place]
        where += [label(self.language, "word", place["country"])] if "country" in place else []
        rows = [
            (N_("Workplace"), ", ".join(where)),
            (N_("Prepared for"), self._say(N_("The official intake of Rapid Response petitions"))),
            (N_("Language of the petition"), label(self.language, "word", record.language)),
            (N_("Case number"), self._case.case),
            (N_("Portal"), self._case.portal),
            (N_("Received by the portal on"), day(self.language, self._received())),
        ]
        return [[self._say(name), [shown(value)]] for name, value in rows if value]

    def _notices(self, record: RecordView) -> Iterator[list[str]]:
        yield [
            self._say(N_("No witness is named here")),
            self._say(
                N_(
                    "This is the redacted record. Who the witnesses are is sealed, and so are the files of the "
                    "evidence. Words such as [WITNESS-01] stand for a person or a datum that was blacked out."
                )
            ),
        ]
        if any(not petitioner.public for petitioner in record.petitioners):
            yield [
                self._say(N_("Confidential treatment is asked for")),
                self._say(N_("Some petitioners are known to the office only. Section “Petitioners” says which.")),
            ]
        confidential = self.material.confidential
        if confidential and not self.left_out:
            words = "; ".join(left_out_words(self.language, confidential))
            yield [
                self._say(N_("Contains business confidential information")),
                self._say(N_("Not for public inspection: {what}."), what=words),
            ]
        elif self.left_out:
            words = "; ".join(left_out_words(self.language, self.left_out))
            yield [
                self._say(N_("Left out as business confidential")),
                self._say(N_("The petitioner can send it apart: {what}."), what=words),
            ]
        if self.material.deployment in _DEPLOYMENTS:
            title = N_("About the dates") if self.material.deployment == "custodian" else N_("About the portal")
            yield [self._say(title), self._say(_DEPLOYMENTS[self.material.deployment])]

    # What comes after the record

    def _hashes(self) -> dict[str, Any]:
        rows = [
            [self._say(N_("Redacted record, SHA-256")), [self.material.record_sha256]],
            [self._say(N_("Manifest, SHA-256")), [self.material.opened.manifest.sha256]],
        ]
        why = N_(
            "There are no hashes of originals here, on purpose: whoever wrote a letter could compute its hash and "
            "learn who received it."
        )
        blocks = [
            {"kind": "codes", "rows": rows},
            {"kind": "text", "paragraphs": [[self._say(why)]], "lang": self.language},
        ]
        if self.left_out:
            part = N_("The first hash is that of the whole redacted record, with the parts that are left out here.")
            blocks.insert(1, {"kind": "text", "paragraphs": [[self._say(part)]], "lang": self.language})
        return {"title": self._say(N_("What this document is made of")), "blocks": blocks}

    def _verification(self) -> dict[str, Any]:
        intro = N_(
            "Anyone can check, without asking the portal, that this petition was received, when, and that its redacted "
            "record was not changed since. It does not say whether what the petition tells is true."
        )
        steps = (
            N_("Ask the sender for the file that goes with this document (the bundle)."),
            N_("Run the command below on a machine of yours; it needs no connection."),
            N_("Compare the two keys with the ones that the portal publishes elsewhere, or had others publish."),
        )
        rows = [
            [self._say(N_("Command")), ["resguardo verify BUNDLE --pdf PDF --key KEY"]],
            [self._say(N_("Log")), [shown(self._case.log_origin)]],
            [self._say(N_("Entry of the log")), [str(LogProof.parse(self.material.receipt).index)]],
            [self._say(N_("Key of the log")), [shown(self._case.log_vkey)]],
            [self._say(N_("Key of the portal's statements")), [shown(self._case.statement_vkey)]],
        ]
        blocks = [
            {"kind": "text", "paragraphs": [[self._say(intro)]], "lang": self.language},
            {"kind": "steps", "items": [self._say(step) for step in steps], "lang": self.language},
            {"kind": "codes", "rows": rows},
        ]
        return {"title": self._say(N_("How to verify it")), "blocks": blocks}

    def _codes(self) -> dict[str, Any]:
        cut = list(pieces(self.material.receipt))
        captions = [self._say(N_("Code {number} of {count}"), number=n, count=len(cut)) for n in range(1, len(cut) + 1)]
        about = N_("QR code: a part of the receipt's proof, which stands as text below")
        return {
            "title": self._say(N_("The receipt's proof as QR codes")),
            "text": self._say(N_("Read them in their order: joined, they are the text of the proof.")),
            "alt": self._say(about),
            "images": [[svg(piece), caption] for piece, caption in zip(cut, captions, strict=True)],
        }

    def _proof(self) -> dict[str, Any]:
        folded = [part for line in lines(self.material.receipt) for part in _fold(line)]
        return {
            "title": self._say(N_("The receipt's proof as text")),
            "text": self._say(N_("Long lines are folded here; a line that begins with two spaces goes on.")),
            "lines": folded,
        }


def _fold(line: str) -> Sequence[str]:
    if len(line) <= _LINE:
        return [line]
    rest = range(_LINE, len(line), _LINE - 2)
    return [line[:_LINE], *("  " + line[at : at + _LINE - 2] for at in rest)]
