"""Pictures to pixels: the way up that the camera noted, on white, on one of the sheets. Runs in the child only."""

import io
import warnings
from collections.abc import Iterator

import pillow_heif
from PIL import Image, ImageChops, ImageOps, ImageSequence, UnidentifiedImageError

from app.client.cleaning.frames import Refused
from app.domain.pages import PICTURE, Sheet, sheet_for

MOST_PIXELS = 80 * 1000 * 1000
"""Pixels of a picture: more than any telephone's; one that declares more is not decoded."""
MOST_PAGES = 200
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF")
_SLIGHT = 6
"""Levels by which channels may differ in a page that is drawn in grey: edges that a renderer tinted."""

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses from twice this on
for _loaded in (Image.preinit, Image.init):
    _loaded()  # no plugin is looked for on the disk once the child has no files left


def draw_picture(data: bytes) -> Iterator[tuple[Image.Image, tuple[int, int, int, int]]]:
    """Yield each page of a picture on its sheet, and what of it the picture covers. Raises Refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is odd in somebody's picture: it is drawn, or it is refused
        try:
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            frames = getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise Refused("broken") from error
        if frames > 1 and picture.format != "TIFF":
            raise Refused("moving")
        if frames > MOST_PAGES:
            raise Refused("pages")
        if picture.format == "TIFF":
            for frame in ImageSequence.Iterator(picture):
                yield _drawn(frame)
        else:
            yield _drawn(picture)


def _drawn(picture: Image.Image) -> tuple[Image.Image, tuple[int, int, int, int]]:
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("pixels")
    try:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError) as error:
        raise Refused("broken") from error
    upright.thumbnail((PICTURE.height * 2, PICTURE.height * 2))
    return on_sheet(_on_white(upright), sheet_for(PICTURE, *upright.size))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.point(lambda value: value / 256).convert("L")
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


def on_sheet(picture: Image.Image, sheet: Sheet) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """Return a picture scaled to fit into the middle of a white sheet, and the edges of what it covers."""
    scale = min(sheet.width / picture.width, sheet.height / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    fitted = picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)
    left, top = (sheet.width - size[0]) // 2, (sheet.height - size[1]) // 2
    page = Image.new(fitted.mode, sheet, "white")
    page.paste(fitted, (left, top))
    return greyed(page), (left, top, left + size[0], top + size[1])


def greyed(page: Image.Image) -> Image.Image:
    """Return a page without colour in one channel."""
    if page.mode == "L":
        return page
    red, green, blue = page.split()
    apart = (ImageChops.difference(one, other).getextrema()[1] for one, other in ((red, green), (green, blue)))
    return page.convert("L") if all(float(str(most)) <= _SLIGHT for most in apart) else page
