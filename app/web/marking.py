"""The reader's mark on a page of evidence: an SVG around the picture, which itself is the same for every reader.

The mark is a strip above and one below the page, so that neither showing nor printing nor saving a page leaves it out.
Whoever cuts the strips off has a page without a mark: it tells honest readers apart, and warns the others.
"""

import base64
from xml.sax.saxutils import escape

from app.domain.pages import form_of

SVG = "image/svg+xml"
_STRIP, _LINE, _LETTERS = 0.05, 0.6, 0.52
"""Of the page's width, the height of a strip; of the strip, where its line stands and how large it is at most."""
_LETTER_WIDTH = 0.62
"""How wide a letter of a monospaced font is, as a share of its height."""


def marked(picture: bytes, words: str) -> bytes:
    """Return a page as it is shown to one reader: the picture between two strips that say `words`."""
    form = form_of(picture)
    width, height = form.sheet
    strip = int(width * _STRIP)
    size = min(strip * _LETTERS, width * 0.96 / (len(words) * _LETTER_WIDTH))
    lines = "".join(
        f'<text x="{width / 2:.0f}" y="{top + strip * _LINE:.0f}" font-size="{size:.1f}" text-anchor="middle" '
        f'font-family="monospace" fill="#1a1a1a">{escape(words)}</text>'
        for top in (0, strip + height)
    )
    whole = height + 2 * strip
    return (
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{whole}" viewBox="0 0 {width} {whole}">'
            f'<title>{escape(words)}</title><rect width="{width}" height="{whole}" fill="#f4f1e8"/>{lines}'
            f'<image y="{strip}" width="{width}" height="{height}" href="data:{form.media};base64,'
        ).encode()
        + base64.b64encode(picture)
        + b'"/></svg>'
    )
