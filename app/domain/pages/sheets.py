"""The sheets on which everything is drawn that the office sees of evidence."""

from typing import NamedTuple


class Sheet(NamedTuple):
    """Pixels of a sheet."""

    width: int
    height: int

    @property
    def lying(self) -> "Sheet":
        """The same sheet on its side."""
        return Sheet(self.height, self.width)


DOCUMENT = Sheet(1275, 1754)
"""Letter and A4 at 150 dots an inch: 8.5 by 11.7 inches."""
PICTURE = Sheet(1912, 2631)
"""The same at 225, for photographs: small writing on a photographed list stays readable."""
SHEETS = frozenset({DOCUMENT, DOCUMENT.lying, PICTURE, PICTURE.lying})
"""All there are: the size of a picture would tell the telephone that took it."""


def sheet_for(upright: Sheet, width: float, height: float) -> Sheet:
    """Return the sheet, upright or lying, for something of a width and a height."""
    return upright.lying if width > height else upright
