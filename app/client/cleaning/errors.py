"""Why a file has no copy for the office, and what to do. It stays sealed all the same; the petition goes on."""

from collections.abc import Mapping
from typing import ClassVar

from app.client.errors import ClientError
from app.i18n import N_


class CleaningError(ClientError):
    """A file of which no copy can be made; `field` is the path of its evidence."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "archive": N_("It is an archive. Unpack it, and name what is in it one by one."),
        "bomb": N_("It unfolds to more than this machine should hold. Save what matters of it as PDF."),
        "box_page": N_("A box is on a page that it does not have."),
        "broken": N_("It is damaged or incomplete. Open it, and save it again as PDF, or photograph the screen."),
        "embedded": N_("A file is written inside it as letters. Take it out, and give it as evidence of its own."),
        "empty": N_("Nothing in it can be seen."),
        "locked": N_("It is locked with a password. Save it without one."),
        "mail": N_(
            "A message, an address card or a calendar holds more than it shows: machines, addresses, attachments. "
            "Print it to PDF, or copy its words into a text file."
        ),
        "markup": N_(
            "Pages of the web and drawings in SVG can hold anything. Print it to PDF, or photograph the screen."
        ),
        "moving": N_("The picture moves. Give one picture of what matters."),
        "name_left": N_(
            "A name of somebody who is protected can still be read in it. Cover it with boxes:, "
            "or blacken it before you scan."
        ),
        "no_file": N_("There is no file to show."),
        "office": N_("Documents of this kind are not read here. Save it as PDF."),
        "pages": N_("It has more than 200 pages. Give the pages that matter as a PDF of their own."),
        "pixels": N_("The picture is larger than 80 million pixels. Save it smaller."),
        "sound": N_("Sound and film stay sealed: a voice is a name. Give what is said as transcript:, a text file."),
        "text_left": N_(
            "Something in its text must not go out and was not taken out: {kind}. Take it out of the file."
        ),
        "time": N_("It takes too long to read. Save what matters of it as PDF."),
        "too_large": N_("It is larger than {limit} MB. Give the part that matters."),
        "too_many": N_("Together the copies are larger than {limit} MB. Show fewer pages."),
        "unlooked": N_(
            "No machine here looks for names in pictures, and with --yes nobody looks at the pages. Run it again "
            "without --yes, or install tesseract."
        ),
        "unknown": N_("It is of no kind that is known here. Save it as PDF, picture or text."),
    }
