"""The process that looks at pages: `python -P -m app.store.page_guard_process`, started by page_guard.py.

1. It reads all pages, then opens nothing any more: no file, no connection; memory and time are bounded.
2. Each must have the strict form, told by our own reader (`app.domain.pages`), and must draw: a library decodes it
   whole, and finds the same size and kind, and nothing that it would call information about the picture. A scan ends
   with its last pixel: what stands behind that, and before the end of the file, is drawn nowhere and could be anything.
3. It answers with one line: how many pages passed, and the kind of the first problem.
"""

import contextlib
import io
import json
import sys
from collections.abc import Iterator

from PIL import Image

from app.domain.pages import PageProblem, read_page
from app.domain.pages.form import JPEG_TYPE

MEMORY = 768 * 1024 * 1024
PROCESSOR_SECONDS = 45
_MODES = {1: "L", 3: "RGB"}
_HARMLESS = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"})
"""What Pillow tells of every JFIF header."""
_END = 10
"""Bytes: the mark of the end, and less than the last row of any scan takes."""
_DONE = -1
"""What a decoder answers that wants nothing more."""
Image.preinit()  # no plugin is looked for on the disk once the process has no files left


def main() -> None:
    """Look at everything and answer (rules 1 to 3)."""
    pages = list(_pages(sys.stdin.buffer.read()))
    confine(MEMORY)
    Image.MAX_IMAGE_PIXELS = 16 * 1000 * 1000
    seen = 0
    answer: dict[str, object] = {}
    for page in pages:
        try:
            look(page)
        except PageProblem as problem:
            answer = {"problem": problem.kind}
            break
        seen += 1
    sys.stdout.write(json.dumps({"seen": seen, **answer}))


def look(page: bytes) -> None:
    """Look at one page (rule 2). Raises PageProblem."""
    form = read_page(page)
    try:
        with Image.open(io.BytesIO(page), formats=("PNG", "JPEG")) as picture:
            picture.load()
            told, size, mode = set(picture.info), picture.size, picture.mode
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise PageProblem("broken") from error
    if told - _HARMLESS:
        raise PageProblem("metadata")
    if size != tuple(form.sheet) or mode != _MODES[form.channels]:
        raise PageProblem("pixels")
    if form.media == JPEG_TYPE and _draws_without_its_end(page):
        raise PageProblem("trailing")


def _draws_without_its_end(page: bytes) -> bool:
    """Tell whether a decoder is done with a photograph before it has seen its last bytes."""
    with Image.open(io.BytesIO(page), formats=("JPEG",)) as picture:
        name, place, _, how = picture.tile[0]
        room = Image.new(picture.mode, picture.size)
        decoder = Image._getdecoder(picture.mode, name, how, picture.decoderconfig)  # noqa: SLF001 - only it stops early
    decoder.setimage(room.im, place)
    taken, _ = decoder.decode(page[:-_END])
    return bool(taken == _DONE)


def _pages(data: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        size = int.from_bytes(data[place : place + 4])
        yield data[place + 4 : place + 4 + size]
        place += 4 + size


def confine(memory: int) -> None:
    """Bound this process: bytes of addresses, time, and no file or connection from here on."""
    with contextlib.suppress(ImportError):  # no such bounds on Windows; the serving side runs elsewhere
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


if __name__ == "__main__":
    main()
