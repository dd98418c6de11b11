"""Policy files: what is one, what is none, and when a quorum is reached."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import BadSignatureError, PolicyError
from crypto.log.checkpoint import Checkpoint, Ed25519Cosigner, LogSigner, MlDsaCosigner, sign_checkpoint
from crypto.log.policy import CLOCK_SKEW, MAX_DEFINITIONS, MAX_POLICY_SIZE, Policy, judge
from crypto.secret import SecretBytes
from tests.crypto.log.published import LOG, ORIGIN, PQ

NOW = 1_800_000_000
DAY = 86_400


def key(name: str, number: int = 0) -> Ed25519Cosigner:
    """A cosigner of a name."""
    return Ed25519Cosigner(name, SecretBytes(bytes([number]) * 32))


UNION, SCHOOL, PAPER = key("union.example/c", 1), key("school.example/c", 2), key("paper.example/c", 3)
QUANTUM = MlDsaCosigner("union.example/c", SecretBytes(b"q" * 32))
HEAD = f"log {LOG.vkey} https://portal.example/log\n"
THREE = f"witness union {UNION.vkey}\nwitness school {SCHOOL.vkey} http://s\nwitness paper {PAPER.vkey}\n"
TWO_OF_THREE = Policy.parse(f"{HEAD}{THREE}group enough 2 union school paper\nquorum enough\n".encode())
CHECKPOINT = Checkpoint(ORIGIN, 3, b"r" * 32)


def signed(*cosigners: tuple[Ed25519Cosigner | MlDsaCosigner, int]) -> str:
    """A checkpoint of the log with cosignatures of these moments."""
    note = sign_checkpoint(CHECKPOINT, [LOG])
    return note + "".join(str(cosigner.cosign(CHECKPOINT, time)) for cosigner, time in cosigners)


def test_what_is_written_is_read():
    """A policy survives its file."""
    assert Policy.parse(TWO_OF_THREE.to_text().encode()) == TWO_OF_THREE
    assert TWO_OF_THREE.logs[0].url == "https://portal.example/log"
    assert [each.url for each in TWO_OF_THREE.cosigners] == ["", "http://s", ""]
    assert [each.name for each in TWO_OF_THREE.log_verifiers(ORIGIN)] == [ORIGIN]
    assert TWO_OF_THREE.log_verifiers("other.example/log") == []


def test_comments_tabs_and_empty_lines_are_ignored():
    """As the specification allows, and a file without a last line end too."""
    text = f"# policy\n\n \t\n  # more ñ\n\twitness\tunion \t{UNION.vkey} \nquorum union"
    assert Policy.parse(text.encode()).quorum == "union"
    assert Policy.parse(b"quorum none\n") == Policy()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("quorum none\r\n", 0),
        ("quorum none\n\0", 0),
        ("quorum\u00a0none\n", 1),
        ("quorum none\nquorum none\n", 2),
        ("quorum union\n", 1),
        ("witnes x y\n", 1),
        ("witness union\n", 1),
        (f"witness none {UNION.vkey}\nquorum none\n", 1),
        (f"witness union {UNION.vkey} url more\nquorum none\n", 1),
        (f"witness a {UNION.vkey}\nwitness a {SCHOOL.vkey}\nquorum a\n", 2),
        (f"witness a {UNION.vkey}\nwitness b {UNION.vkey}\nquorum a\n", 2),
        (f"witness a {LOG.vkey}\nquorum a\n", 1),
        (f"log {UNION.vkey}\nquorum none\n", 1),
        (f"log {LOG.vkey}\nlog {LOG.vkey}\nquorum none\n", 2),
        (f"log {LOG.vkey[:-4]}AAA=\nquorum none\n", 1),
        (f"log {PQ.vkey}\nwitness own {PQ.vkey}\nquorum own\n", 2),
        (f"witness a {UNION.vkey}\ngroup g 0 a\nquorum g\n", 2),
        (f"witness a {UNION.vkey}\ngroup g 2 a\nquorum g\n", 2),
        (f"witness a {UNION.vkey}\ngroup g 01 a\nquorum g\n", 2),
        (f"witness a {UNION.vkey}\ngroup g 1 a a\nquorum g\n", 2),
        (f"witness a {UNION.vkey}\ngroup g 1 none\nquorum g\n", 2),
        (f"witness a {UNION.vkey}\ngroup g all\nquorum g\n", 2),
        (f"witness a {UNION.vkey}\ngroup g any a\ngroup h any a\nquorum g\n", 3),
        (f"group g any a\nwitness a {UNION.vkey}\nquorum g\n", 1),
    ],
)
def test_malformed_policies_are_refused_with_their_line(text, line):
    """A quorum that somebody misread is worse than none."""
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text.encode())
    assert caught.value.line == line


def test_too_large_policies_are_refused():
    """A file that would take an afternoon to read."""
    many = "".join(f"witness w{n} {key(f'c{n}', n % 256).vkey}\n" for n in range(MAX_DEFINITIONS + 1) if n < 256)
    assert len(Policy.parse(f"{many}quorum none\n".encode()).cosigners) == 256
    with pytest.raises(PolicyError):
        Policy.parse(b"#" * (MAX_POLICY_SIZE + 1))
    groups = f"witness g0 {UNION.vkey}\n" + "".join(f"group g{n + 1} all g{n}\n" for n in range(MAX_DEFINITIONS + 1))
    with pytest.raises(PolicyError):
        Policy.parse(f"{groups}quorum g1\n".encode())


@pytest.mark.parametrize(
    ("names", "reached"),
    [((), False), (("union",), False), (("union", "paper"), True), (("union", "school", "paper"), True)],
)
def test_two_of_three(names, reached):
    """A quorum of two."""
    assert TWO_OF_THREE.reached_by(names) is reached


def test_groups_of_groups():
    """Two levels, as in the specification's example."""
    text = f"{THREE}group people all union school\ngroup everybody 2 people paper\nquorum everybody\n"
    policy = Policy.parse(text.encode())
    assert policy.reached_by(["union", "school", "paper"])
    assert not policy.reached_by(["union", "paper"])
    assert Policy.parse(f"{THREE}quorum none\n".encode()).reached_by([])


@given(st.sets(st.sampled_from(["union", "school", "paper"])))
def test_a_quorum_grows_with_its_cosigners(names):
    """Property: nobody who signs besides makes a quorum less."""
    if TWO_OF_THREE.reached_by(names):
        assert TWO_OF_THREE.reached_by({*names, "union"})


def test_quorum_is_judged_with_its_age():
    """Fresh, too old, and from the future."""
    fresh = judge(signed((UNION, NOW), (SCHOOL, NOW - DAY)), TWO_OF_THREE, now=NOW, max_age=DAY)
    assert (fresh.reached, fresh.fresh, dict(fresh.times)) == (True, True, {"union": NOW, "school": NOW - DAY})
    old = judge(signed((UNION, NOW), (SCHOOL, NOW - DAY - 1)), TWO_OF_THREE, now=NOW, max_age=DAY)
    assert (old.reached, old.fresh) == (True, False)
    ahead = judge(signed((UNION, NOW), (PAPER, NOW + CLOCK_SKEW + 1)), TWO_OF_THREE, now=NOW, max_age=DAY)
    assert (ahead.reached, ahead.fresh) == (True, False)
    alone = judge(signed((UNION, NOW)), TWO_OF_THREE, now=NOW, max_age=DAY)
    assert (alone.reached, alone.fresh) == (False, False)
    nobody = judge(signed(), TWO_OF_THREE, now=NOW, max_age=DAY)
    assert not nobody.reached
    assert nobody.times == {}


def test_either_key_of_a_cosigner_counts_under_its_own_name():
    """Ed25519 and ML-DSA-44 under one signer's name are told apart by their keys."""
    text = f"witness old {UNION.vkey}\nwitness new {QUANTUM.vkey}\ngroup both all old new\nquorum both\n"
    policy = Policy.parse(text.encode())
    assert judge(signed((UNION, NOW), (QUANTUM, NOW)), policy, now=NOW, max_age=DAY).fresh
    assert not judge(signed((UNION, NOW), (UNION, NOW)), policy, now=NOW, max_age=DAY).reached


def test_a_false_cosignature_rejects_the_checkpoint():
    """A known key's line over another root."""
    other = Checkpoint(ORIGIN, 3, b"x" * 32)
    note = signed() + str(UNION.cosign(other, NOW))
    with pytest.raises(BadSignatureError):
        judge(note, TWO_OF_THREE, now=NOW, max_age=DAY)


def test_a_log_cannot_be_its_own_cosigner():
    """The log's Ed25519 key under type 04."""
    own = Ed25519Cosigner(ORIGIN, SecretBytes(b"L" * 32))
    assert isinstance(LOG, LogSigner)
    with pytest.raises(PolicyError):
        Policy.parse(f"{HEAD}witness own {own.vkey}\nquorum own\n".encode())
