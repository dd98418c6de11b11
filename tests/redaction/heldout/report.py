"""Prints the scores of a held-out set: `python -m tests.redaction.heldout.report first [--list]`."""

import sys
from collections import Counter

from tests.redaction.heldout.scoring import Score, read, score

Counts = Counter[tuple[str, str]]


def _row(result: Score, kind: str, counts: Counts) -> str:
    cells = []
    for language in ("es", "en", "fr"):
        total = result.total[language, kind]
        cells.append(f"{counts[language, kind]}/{total}" if total else "–")
    whole = sum(result.total[language, kind] for language in ("es", "en", "fr"))
    return f"{' | '.join(cells)} | {sum(counts[language, kind] for language in ('es', 'en', 'fr'))}/{whole}"


def main() -> None:
    """Print a table per kind and language, then the false hits."""
    result = score(read(sys.argv[1]))
    for title, counts in (("automatic", result.automatic), ("with review", result.reviewed)):
        print(f"\n{title} | es | en | fr | all")
        for kind in sorted({kind for _, kind in result.total}):
            print(f"{kind} | {_row(result, kind, counts)}")
    names = [key for key in result.total if key[1].startswith("name")]
    for title, counts in (("automatic", result.automatic), ("with review", result.reviewed)):
        print(f"names {title}: {sum(counts[key] for key in names)}/{sum(result.total[key] for key in names)}")
    hits = len(result.false_hits)
    print(
        f"false hits {hits} of {result.marks} marks, {1000 * hits / result.words:.1f} per 1,000 of {result.words} words"
    )
    print(f"addresses touched {_row(result, 'ADDRESS', result.touched)}")
    if "--list" in sys.argv:
        print(*result.missed, *(f"FALSE {one}" for one in result.false_hits), sep="\n")


if __name__ == "__main__":
    main()
