"""The office's copy of evidence, made on the petitioner's machine.

Rules
    1. The copy is never the original: it is pages of raw pixels, or one text that a reader of the file sees. What is
       hidden in a file, beside or below that, does not come along, because nothing is deleted: everything is drawn or
       written anew.
    2. What a file is, its content says (`kinds`). Whatever is not on the list is refused with the reason and what to
       do; the file stays sealed, and the petition goes on.
    3. Foreign files are decoded in a child process that can open nothing and has bounded time and memory (`workshop`,
       `supervision`); what it answers is checked, and taken as pixels or letters only (`frames`).
    4. Names are covered where the words of a PDF or of tesseract say they stand, and where a person drew boxes: solid,
       in three widths (`finding`, `drawing`). A text goes through the review of the petition (`app.domain.filing`).
    5. The result is read back where tesseract is installed: a known name that it still reads refuses the copy.

Worked example: a phone's photograph of a list. The child turns it upright, draws it on a sheet of one size and gives
pixels; two boxes by hand and five found by tesseract are filled; the pixels become a JPEG with no segment but tables
and scan. Where it was taken, by which telephone and when stays in the original, sealed.
"""
