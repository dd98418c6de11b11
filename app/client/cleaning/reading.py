"""Reading pictures back with tesseract, where it is installed: what a machine reads, an employer reads.

It sees pages of ours only, in pixels that we made; foreign files never reach it.
"""

import csv
import io
import os
import shutil
import subprocess

from PIL import Image

from app.client.cleaning.frames import Word

_WANTED = ("spa", "eng", "fra")
_SECONDS = 120
_WORD_LEVEL = "5"


class Reader:
    """tesseract with those of our languages that it has."""

    def __init__(self, program: str, languages: tuple[str, ...]) -> None:
        """Take the program and the languages."""
        self._program = program
        self._languages = languages

    @classmethod
    def find(cls) -> "Reader | None":
        """Return a reader, None where there is none."""
        program = shutil.which("tesseract")
        if program is None:
            return None
        try:
            listed = subprocess.run(  # noqa: S603 - the program that the person installed
                [program, "--list-langs"], capture_output=True, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
        there = listed.stdout.decode("utf-8", "replace").split()
        languages = tuple(language for language in _WANTED if language in there)
        return cls(program, languages) if languages else None

    def words(self, image: Image.Image) -> tuple[Word, ...]:
        """Return the words of a page; none where it cannot be read in time."""
        stream = io.BytesIO()
        image.save(stream, "BMP")
        command = [self._program, "-", "-", "-l", "+".join(self._languages), "--dpi", "150", "tsv"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other more than they read
        try:
            said = subprocess.run(  # noqa: S603 - as above; what it reads is ours
                command, input=stream.getvalue(), capture_output=True, timeout=_SECONDS, check=True, env=environment
            )
        except (OSError, subprocess.SubprocessError):
            return ()
        table = io.StringIO(said.stdout.decode("utf-8", "replace"))
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(_word(row) for row in rows if row["level"] == _WORD_LEVEL and (row["text"] or "").strip())


def _word(row: dict[str, str]) -> Word:
    left, top = int(row["left"]), int(row["top"])
    return Word(row["text"].strip(), left, top, left + int(row["width"]), top + int(row["height"]))
