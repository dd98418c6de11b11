"""What people type or paste: signs that can be seen, and the spaces of print between them."""

import unicodedata


def is_readable(text: str) -> bool:
    """Tell whether a line has no control, direction or line break in it.

    Word processors put a space that does not break before a colon of French; Python calls that space unprintable.
    """
    return text.isprintable() or all(each.isprintable() or unicodedata.category(each) == "Zs" for each in text)
