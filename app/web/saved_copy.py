"""A copy of evidence as its reader saves it: what the typesetter is told, in the reader's language (`evidence.typ`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.labels import label
from app.domain.pages import PageForm
from app.domain.record_view import EvidenceLine
from app.glyphs import lines, shown
from app.i18n import N_, t
from app.usecases.read_redacted import RedactedRecord
from app.web.words import day, moment


@dataclass(frozen=True)
class SavedCopy:
    """A copy under an open sitting, and what the index says of it, where that is open too; `mark` is the reader's."""

    language: str
    found: RedactedRecord
    number: int
    line: EvidenceLine | None
    reader: str
    role: str
    mark: str

    def content(self, forms: Sequence[PageForm]) -> dict[str, Any]:
        """Return everything that the document shows but the pictures; `forms` are those of the copy's pages."""
        return {
            "lang": self.language,
            "title": self._say(N_("Evidence, copy {number}"), number=self.number),
            "mark": shown(self.mark),
            "facts": [
                {"name": name, "value": shown(value), "lang": language} for name, value, language in self._facts()
            ],
            "notices": list(self._notices(pictures=bool(forms))),
            "text": self._text(),
            "pages": [self._page(at, form, len(forms)) for at, form in enumerate(forms, start=1)],
        }

    def _say(self, msgid: str, **values: object) -> str:
        return t(self.language, msgid, **values)

    def _facts(self) -> Iterator[tuple[str, str, str]]:
        """Yield names, values, and the language of each value."""
        yield self._say(N_("Case number")), self.found.case, self.language
        if self.line is not None:
            yield self._say(N_("Kind")), label(self.language, "evidence", self.line.kind), self.language
            if self.line.title:
                yield self._say(N_("Title")), self.line.title, self._of_copy
            if self.line.when:
                yield self._say(N_("Date")), day(self.language, self.line.when), self.language
        read = self._say(
            N_("Read by {name} ({role}) on {time}. {purpose}. Log entry {index}."),
            name=self.reader,
            role=label(self.language, "role", self.role),
            time=moment(self.language, datetime.fromtimestamp(self.found.started, UTC)),
            purpose=label(self.language, "purpose", self.found.purpose),
            index=self.found.entry_index,
        )
        yield self._say(N_("This look")), read, self.language
        if self.found.code:
            yield self._say(N_("Mark")), self.found.code, self.language

    @property
    def _of_copy(self) -> str:
        return str(self.found.record["language"])

    def _notices(self, *, pictures: bool) -> Iterator[str]:
        yield self._say(
            N_("The petitioner made this copy: drawn or written anew, persons covered. The original is sealed.")
        )
        if pictures:
            yield self._say(
                N_(
                    "Its pages are pictures, and nobody wrote down what can be read on them. "
                    "Whoever cannot see them can ask the petitioner for their words."
                )
            )

    def _text(self) -> dict[str, Any] | None:
        text = self.found.record["text"]
        if text is None:
            return None
        # A line of its own for each: a chat's are what somebody said, one after the other.
        paragraphs = [lines(part) for part in str(text).replace("\r\n", "\n").split("\n\n") if part.strip()]
        return {"title": self._say(N_("Text")), "lang": self._of_copy, "paragraphs": paragraphs}

    def _page(self, at: int, form: PageForm, pages: int) -> dict[str, Any]:
        title = self._say(N_("Page {page} of {pages}"), page=at, pages=pages)
        about = f"{label(self.language, 'evidence', self.line.kind)}, {self.line.title}. " if self.line else ""
        return {
            "title": title,
            "alt": shown(about + title),
            "width": form.sheet.width,
            "height": form.sheet.height,
            "channels": form.channels,
        }
