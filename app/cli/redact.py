"""`resguardo redact`: what the rules find in a petition or in lines of test texts; nothing is sent or kept.

With `--jsonl` each line of the file is answered by one line `{"id", "spans": [[start, end, LABEL], …],
"suggestions": [[start, end, KIND], …]}`, offsets in code points. With a petition each free text is shown as the
automatic redaction leaves it, and below it the questions that only a person can settle.
"""

import json
from pathlib import Path
from typing import Any

import click

from app.cli.access import randomness
from app.cli.command import Verb, option
from app.cli.language import language, say
from app.cli.terminal import note, out, reported
from app.domain.redaction import Engine, Surrogates, apply
from app.domain.redaction.model import known_identity
from app.i18n import LANGUAGES, N_


@click.command("redact", cls=Verb, help=N_("Show what would be hidden in a petition, and what it would ask you."))
@click.argument("petition", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option(
    "--jsonl",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("File of texts, one JSON object a line; answers one line each."),
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
def command(petition: Path | None, jsonl: Path | None, lang: str | None) -> None:
    """Redact and show."""
    del lang  # read before parsing, so that errors speak it too
    if (petition is None) == (jsonl is None):
        raise click.UsageError(say(N_("Name a petition, or a file of texts with --jsonl.")))
    with reported(as_json=False):
        if jsonl is not None:
            _answer_lines(jsonl)
        elif petition is not None:
            _show(petition.read_bytes())


# lines of texts


def _answer_lines(path: Path) -> None:
    engines: dict[str, Engine] = {}
    with path.open(encoding="utf-8", errors="surrogatepass") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                out(json.dumps(_answer(_line(line, number), engines)))


def _line(line: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise click.ClickException(say(N_("Line {line} is not a JSON object with a text."), line=number))
    return value


def _answer(value: dict[str, Any], engines: dict[str, Engine]) -> dict[str, Any]:
    known = value.get("known_identities") or []
    keep = [name for name in value.get("keep") or [] if isinstance(name, str)]
    spoken = str(value.get("lang") or value.get("language") or language())
    key = json.dumps([known, keep, spoken], sort_keys=True)
    if key not in engines:
        engines.clear()  # lines of one case stand together; an engine of fifty identities is not small
        engines[key] = Engine([known_identity(one) for one in known if isinstance(one, dict)], keep, spoken)
    analysis = engines[key].analyse(value["text"])
    return {
        "id": value.get("id"),
        "spans": [[mark.start, mark.end, mark.label] for mark in analysis.marks],
        "suggestions": [[item.start, item.end, item.kind] for item in analysis.suggestions],
    }


# a petition


def _show(data: bytes) -> None:
    from app.domain.confidentiality import free_texts
    from app.domain.filing.people import kept_names, known_people
    from app.domain.paths import path_text
    from app.domain.petition import load

    petition = load(data).petition
    people, keep = known_people(petition), kept_names(petition)
    spoken = petition.language or language()
    engine = Engine(people, keep, spoken)
    surrogates = Surrogates([person.id for person in people], spoken, randomness)
    for path, text in free_texts(petition):
        analysis = engine.analyse(text)
        out(path_text(path))
        _write(apply(text, analysis.marks, surrogates), "  ")
        for item in analysis.suggestions:
            _write(f"«{text[item.start : item.end]}»: {say(item.reason)}", "  ? ")
        out()
    note(say(N_("«?» is what only you can decide. Nothing was sent and nothing was kept.")))


def _write(text: str, lead: str) -> None:
    """Print a text line by line, without characters that a terminal would act on."""
    for line in text.split("\n"):
        out(lead + "".join(char if char.isprintable() else " " for char in line))
