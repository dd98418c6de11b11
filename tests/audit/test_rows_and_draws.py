"""Rows against entries both ways, entries drawn by lot, and what ran when: honest ones fit, others are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.audit.draw import Draw, indexes_of, load_draw, missed_per_mille, seed_of
from app.audit.finding import Report
from app.domain.entities import Role, StaffState
from app.usecases.announce_draw import announce_draw
from app.usecases.hand_out_openings import hand_out_named
from app.usecases.hand_out_rows import hand_out_rows
from app.usecases.keep_notes import NewNote, open_notes, write_note
from app.usecases.suspend_access import suspend_access
from app.usecases.tell_served import tell_served
from app.wiring import note_version
from crypto.log.policy import Policy
from tests.assembled import settings_in
from tests.audit.offices import Watched, watched_in
from tests.audit.portal import said, told


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """An office with a case that was worked on."""
    with watched_in(tmp_path, monkeypatch) as made:
        case = made.acknowledged("Ana", "Eva")
        for name in ("Ana", "Eva"):
            made.read(name, case)
        open_notes(made.office.portal, made.office.who("Ana"), case)
        write_note(made.office.portal, made.office.who("Ana"), case, NewNote("Falta el convenio firmado."))
        made.decide(case, "Ana", "Eva")
        suspend_access(made.office.assembly.petitioner, case, suspended=True)
        yield made


def rows_of(watched: Watched, change: Any = None) -> Path:
    """Keep the rows as an auditor downloads them; `change` falsifies them on the way."""
    rows = json.loads(json.dumps(hand_out_rows(watched.office.portal, watched.office.who("Ada"))))
    if change is not None:
        change(rows["rows"])
    path = watched.folder / "rows.json"
    path.write_text(json.dumps(rows))
    return path


def tampered(watched: Watched, *statements: str) -> Report:
    """Change the database behind the portal's back, and compare."""
    with watched.behind() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount
    return watched.audit(rows=rows_of(watched))


def test_rows_of_an_honest_office_are_its_entries(watched: Watched) -> None:
    """Every row rests on an entry that says the same, and nothing of a petition is in the file."""
    path = rows_of(watched)
    report = watched.audit(rows=path)
    assert report.holds, list(report.findings)
    assert report.seen is not None
    assert report.seen.rows == len([row for row in json.loads(path.read_text())["rows"] if row[1] is not None])
    assert "convenio" not in path.read_text()
    assert not report.remarks


def test_rows_are_followed_from_file_to_file(watched: Watched) -> None:
    """Rows from an entry on beside the files of before; what no file tells of is said; old rows need a file from 0."""
    office, folder = watched.office, watched.folder / "rows"
    folder.mkdir()
    first = hand_out_rows(office.portal, office.who("Ada"))
    (folder / "0.json").write_text(json.dumps(first))
    watched.publish()
    since = office.portal.log.published_size()
    case = watched.acknowledged("Ana", "Eva")
    watched.read("Ana", case)
    watched.publish()
    second = json.loads(json.dumps(hand_out_rows(office.portal, office.who("Ada"), since)))
    assert {row[1] >= since for row in second["rows"] if row[1] is not None} == {True}
    (folder / "1.json").write_text(json.dumps(second))
    report = watched.audit(rows=folder)
    assert report.holds, list(report.findings)
    assert report.seen is not None
    assert report.seen.rows == sum(
        row[1] is not None for row in [*json.loads(json.dumps(first))["rows"], *second["rows"]]
    )
    assert not report.remarks
    (folder / "0.json").unlink()
    alone = watched.audit(rows=folder)
    assert alone.holds
    assert told(alone) == {"rows-untold"}
    second["rows"] = [row for row in second["rows"] if row[0] != "sitting"]
    (folder / "1.json").write_text(json.dumps(second))
    assert set(said(watched.audit(rows=folder))) == {"entry-without-row"}


@pytest.mark.long
def test_rows_that_were_changed_are_named(watched: Watched) -> None:
    """A reader swapped, a note's text replaced, an event's author changed: rows that say something else."""
    report = tampered(
        watched,
        "UPDATE sitting SET staff_id = (SELECT id FROM staff WHERE name = 'Luis') WHERE record = 'notes'",
        "UPDATE case_event SET staff_id = (SELECT id FROM staff WHERE name = 'Luis') WHERE action = 'draft'",
    )
    assert set(said(report)) == {"row-differs"}
    assert report.findings.counts[next(iter(report.findings)).code] == 2


@pytest.mark.long
def test_rows_that_were_deleted_are_named(watched: Watched) -> None:
    """Entries of which the tables know nothing any more."""
    report = tampered(watched, "DELETE FROM sitting WHERE record = 'record'", "DELETE FROM case_note")
    assert set(said(report)) == {"entry-without-row"}
    assert sum(report.findings.counts.values()) == 3


@pytest.mark.long
def test_standing_that_no_entry_made(watched: Watched) -> None:
    """An assignment, an account, a role and a lifted suspension that the log knows nothing of."""
    ana = watched.office.who("Ana")
    watched.beside_the_log(lambda unit: unit.staff.add("Nadie", Role.REVIEWER, 0))
    watched.beside_the_log(lambda unit: unit.staff.set_state(ana.id, StaffState.DISABLED))
    report = tampered(
        watched,
        "UPDATE staff SET role = 'coordinator' WHERE name = 'Eva'",
        "UPDATE petition_case SET suspended = NULL",
        "DELETE FROM assignment WHERE staff_id = (SELECT id FROM staff WHERE name = 'Ana')",
    )
    assert set(said(report)) == {"row-without-entry", "entry-without-row"}
    lines = sorted(str(each.where["said"]) for each in report.findings)
    assert [line for line in lines if "reader=Ana" in line]
    assert [line for line in lines if "name=Nadie" in line]
    assert len([line for line in lines if "name=Eva" in line]) == 2


@pytest.mark.long
def test_rows_that_a_portal_invents_are_named(watched: Watched) -> None:
    """A reading that never was, under an entry of another kind; one beyond the log only waits."""

    def invent(rows: list[Any]) -> None:
        rows.append(["sitting", 1, {"kind": "record_read", "actor": "Ana"}])
        rows.append(["sitting", 10_000, {"kind": "record_read"}])

    report = watched.audit(rows=rows_of(watched, invent))
    assert said(report).keys() == {"row-differs"}
    assert "pending-row" in told(report)


def announced(watched: Watched, count: int) -> Path:
    """Announce a draw and keep its file."""
    draw = announce_draw(watched.office.portal, watched.office.who("Ada"), count)
    path = watched.folder / "draw.json"
    path.write_text(json.dumps(draw))
    return path


def drawn(watched: Watched, path: Path) -> Draw:
    """Publish, draw, and keep what was drawn as the command does."""
    watched.publish()
    report = watched.audit(draw=path, openings=named(watched, [0]))
    assert report.seen is not None
    assert report.seen.draw is not None
    path.write_bytes(report.seen.draw.to_bytes())
    return load_draw(path)


def named(watched: Watched, indexes: list[int], withhold: int | None = None) -> Path:
    """Keep the openings of named entries, all but one that the portal withholds."""
    told = json.loads(json.dumps(hand_out_named(watched.office.portal, watched.office.who("Ada"), indexes)))
    told["openings"] = [each for each in told["openings"] if each["index"] != withhold]
    path = watched.folder / "drawn.json"
    path.write_text(json.dumps(told))
    return path


def test_a_drawn_opening_that_is_withheld_is_found(watched: Watched) -> None:
    """Announced, drawn from what was published after it, demanded; one is not given, another is false."""
    path = announced(watched, 5)
    draw = drawn(watched, path)
    assert len(draw.indexes) == 5
    assert max(draw.indexes) < draw.announced
    honest = watched.audit(draw=path, openings=named(watched, list(draw.indexes)))
    assert honest.holds
    assert honest.seen is not None
    assert (honest.seen.drawn, told(honest)) == (
        5,
        {"draw-without-cosigners", "entries-without-opening", "past-unknown"},
    )
    victim = draw.indexes[2]
    found = said(watched.audit(draw=path, openings=named(watched, list(draw.indexes), withhold=victim)))
    assert found == {"opening-withheld": {"index": victim}, "draw-withheld": {"index": victim}}
    openings = named(watched, list(draw.indexes))
    lie = json.loads(openings.read_text())
    lie["openings"][1]["fields"]["actor"][1] = "Nadie"
    openings.write_text(json.dumps(lie))
    found = said(watched.audit(draw=path, openings=openings))
    assert found.keys() == {"opening-mismatch", "draw-withheld"}


@pytest.mark.long
def test_nobody_chooses_what_is_drawn(watched: Watched) -> None:
    """Indexes that do not follow from the checkpoint, another checkpoint, another entry: no draw of this log."""
    path = announced(watched, 5)
    draw = drawn(watched, path)
    others = tuple((index + 1) % draw.announced for index in draw.indexes)
    for changed in (
        Draw(draw.origin, draw.opening, draw.checkpoint, tuple(sorted(others))),
        Draw(draw.origin, draw.opening, draw.checkpoint.replace(draw.checkpoint.split("\n")[2], "A" * 43 + "=")),
        Draw("other.example/log", draw.opening),
    ):
        path.write_bytes(changed.to_bytes())
        report = watched.audit(draw=path, openings=named(watched, [0]))
        assert [each.code.value for each in report.obstacles] == ["bad-draw"]


def test_draws_are_spread_and_reach_everything() -> None:
    """The same seed gives the same draws; other cosignatures, others; as many as there are, at most."""
    seed = seed_of(100, "origin\n200\nroot\n\n— origin abc\n", None)
    assert seed == seed_of(100, "origin\n200\nroot\n\n— other xyz\n", None)
    assert seed != seed_of(101, "origin\n200\nroot\n\n— origin abc\n", None)
    assert indexes_of(seed, 100, 300) == tuple(range(100))
    ten = indexes_of(seed, 10_000, 300)
    assert len(set(ten)) == 300
    assert 4000 < sum(ten) / 300 < 6000
    assert missed_per_mille(300) == 49
    assert Policy().cosigners == ()


@pytest.mark.long
def test_what_ran_when_is_in_the_log(watched: Watched) -> None:
    """Another setting, another entry; the same ones again, none; anyone gets their openings, and withheld ones show."""
    settings = watched.office.assembly.settings
    note_version(settings)
    note_version(settings)
    note_version(settings_in(watched.folder, RESGUARDO_ASSISTED="on", RESGUARDO_SMTP="smtp://a:geheim@mail.example",
                             RESGUARDO_SMTP_FROM="portal@mail.example"))  # fmt: skip
    watched.publish()
    told_ = json.loads(json.dumps(tell_served(watched.office.portal)))
    assert "geheim" not in json.dumps(told_)
    assert str(watched.folder) not in json.dumps(told_)
    assert len(told_["openings"]) == 2
    report = watched.audit()
    assert report.seen is not None
    assert [each.configuration["assisted"] for each in report.seen.served] == [False, True]
    assert [each.configuration["notices"] for each in report.seen.served] == [False, True]
    assert len({each.code for each in report.seen.served}) == 1
