"""Reads the project's documents: commands, settings, links, tables. What they say is compared with the code."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_INLINE = re.compile(r"`([^`\n]+)`")
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


def documents() -> dict[str, str]:
    """Return the text of every document for people, by its path in the repository."""
    paths = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("crypto/*.md")]
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(paths)}


def tracked_files() -> list[str]:
    """Return the path of every file that belongs to the repository; without git, of all that it would not ignore."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):  # no git, or a copy of the files alone
        listed = sorted(_not_ignored())
    return [name for name in listed if name and (ROOT / name).is_file()]


def _not_ignored() -> Iterator[str]:
    patterns = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()] + [".git"]
    for folder, names, files in os.walk(ROOT):
        place = Path(folder).relative_to(ROOT)
        for found in (names, files):
            kept = [each for each in found if not any(_fits(place / each, pattern) for pattern in patterns)]
            found[:] = kept
        yield from (str(place / name) for name in files)


def _fits(path: Path, pattern: str) -> bool:
    return fnmatch(str(path) if "/" in pattern else path.name, pattern)


def command_lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each `resguardo …` command in a document: in fenced blocks, and inline where it has a verb."""
    blocks = [block for _, block in _FENCE.findall(text)]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += [found for found in _INLINE.findall(_FENCE.sub("", text)) if found.startswith("resguardo ")]
    for line in lines:
        words = (
            shlex.split(line.strip().removeprefix("docker compose exec portal "), comments=True)
            if _is_ours(line)
            else []
        )
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words = words[1:]
        if words:
            yield words[1:]


def _is_ours(line: str) -> bool:
    return re.match(r"\s*(docker compose exec portal )?([A-Z_]+=\S* )*resguardo [a-z-]", line) is not None


def faults_of(root: click.Group, words: list[str]) -> str:
    """Return what is wrong with a command line against the real commands; empty if nothing is.

    Only verbs, options and the number of arguments are judged: an inline mention may leave out what is required.
    """
    try:
        command, rest = _verb_of(root, words)
        _, left, _ = command.make_parser(click.Context(command)).parse_args(args=rest)
    except click.UsageError as error:
        return error.format_message()
    return f"too many arguments: {left}" if left else ""


def missing_of(root: click.Group, words: list[str]) -> str:
    """Return what a whole command line leaves out that its verb requires; empty if nothing."""
    command, rest = _verb_of(root, words)
    values, _, _ = command.make_parser(click.Context(command)).parse_args(args=rest)
    names = [str(parameter.name) for parameter in command.params if parameter.required]
    return ", ".join(name for name in names if not isinstance(values.get(name), (str, tuple, list)))


def _verb_of(root: click.Group, words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = root
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            raise click.UsageError(f"no verb {rest[0]}")
        command, rest = found, rest[1:]
    return command, rest


def fenced_command_lines(text: str) -> Iterator[list[str]]:
    """Yield only the commands that stand in fenced blocks: those that a reader copies."""
    for _, block in _FENCE.findall(text):
        yield from command_lines(f"```\n{block}```\n")


def rows_after(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    part = text.split(f"\n## {heading}\n", 1)[1]
    table = re.search(r"(?:^\|.*\|\n)+", part, re.MULTILINE)
    assert table, heading
    rows = [[cell.strip() for cell in row.split("|")] for row in _ROW.findall(table[0])]
    return rows[2:]


def links(text: str) -> Iterator[tuple[str, str]]:
    """Yield path and anchor of each link that stays in the repository."""
    for target in _LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def inline(text: str) -> list[str]:
    """Return every inline code of a document."""
    return _INLINE.findall(_FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
