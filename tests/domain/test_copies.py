"""Copies of evidence at the door: heads in one form, pages where they belong, and the record that names them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import rfc8785

from app.domain.admission import admit
from app.domain.errors import AdmissionError
from app.domain.filing import Copy, Settled, build, prepare, seal
from app.domain.filing.copies import SealedCopy, parse_copy
from crypto.secret import SecretBytes
from tests.usecases.test_evidence import PAGES, page, settled_with

PORTAL = "example.invalid"
Change = Callable[[SealedCopy], SealedCopy]


def call(
    copies: Mapping[str, Copy], change: Change | None = None, really: Mapping[str, Copy] | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return a filing call and its uploads; `really` are the copies sent in place of those that were settled."""
    prepared = prepare(PORTAL, SecretBytes(os.urandom(16)), [], os.urandom)
    settled = _settled(tuple(copies.items()))
    if really is not None:
        settled = replace(settled, copies=really)
    uploads: dict[str, bytes] = {}
    sealed = seal(prepared, settled, {}, uploads.__setitem__, os.urandom)
    if change is not None:
        sealed = replace(sealed, copies=tuple(change(copy) for copy in sealed.copies))
    return build(prepared, settled, sealed).body(), uploads


@cache
def _settled(copies: tuple[tuple[str, Copy], ...]) -> Settled:
    return settled_with(dict(copies))


def refused(*given: Any) -> tuple[str, str]:
    """Return code and field of a refusal."""
    body, uploads = call(*given)
    with pytest.raises(AdmissionError) as error:
        admit(body, uploads.get, PORTAL)
    return error.value.code, error.value.field


def head(**changed: Any) -> Change:
    """Return a change of the head, canonical all the same."""

    def change(copy: SealedCopy) -> SealedCopy:
        return replace(copy, record=rfc8785.dumps({**json.loads(copy.record), **changed}).decode())

    return change


def test_copies_are_admitted_with_what_they_show() -> None:
    """Pages in plain form for the vault, the text as it was settled, nothing of them among the sealed parts."""
    body, uploads = call(PAGES)
    admitted = admit(body, uploads.get, PORTAL)
    assert [copy.name for copy in admitted.copies] == ["evidence-1", "evidence-2"]
    assert admitted.copies[0].pages == PAGES["evidence[0]"].pages
    assert parse_copy(admitted.copies[1].record_text)["text"] == "Se firmó en marzo."
    named = {part for entry in admitted.manifest.objects for part in entry.parts}
    assert set(admitted.inline) <= named


@pytest.mark.parametrize(
    ("really", "code"),
    [
        ({"evidence[0]": Copy(1, text="Su CURP es GOMC850101HGTRRL09.")}, "record_guard"),
        ({"evidence[0]": Copy(2, text="Otra.")}, "copies"),
        ({}, "copies"),
        ({"evidence[0]": Copy(1, text="Una."), "evidence[1]": Copy(1, text="Dos.")}, "copies"),
        ({"evidence[0]": Copy(1, (page()[:-1],))}, "page_guard"),
    ],
)
def test_what_is_sent_must_be_what_was_settled(really: Mapping[str, Copy], code: str) -> None:
    """An identifier in a text, another number, a number twice, a copy that is missing, a page that is none."""
    assert refused({"evidence[0]": Copy(1, text="Una.")}, None, really)[0] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (head(copy=7), "copies"),
        (head(name="IMG_4411.jpg"), "record_field"),
        (head(text="Y un texto."), "record_form"),
        (head(pages=[], text=None), "record_form"),
        (head(pages=[{"sha256": "0" * 64, "size": 5}]), "part_hash"),
        (lambda copy: replace(copy, record=copy.record + " "), "record_form"),
        (lambda copy: replace(copy, record="[]"), "record_form"),
        (lambda copy: replace(copy, key=SecretBytes(b"short")), "copies"),
        (lambda copy: replace(copy, parts=("0" * 64,)), "missing_part"),
    ],
)
def test_a_head_of_another_form_is_refused(change: Change, code: str) -> None:
    """No field beside the known ones, no name of a file, text or pages but not both, each page the one it names."""
    assert refused({"evidence[0]": Copy(1, (page(),))}, change)[0] == code
