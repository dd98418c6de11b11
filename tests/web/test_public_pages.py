"""Public versions in the pages: the office reads and hands on, anybody reads what is published and checks it."""

from __future__ import annotations

from app.domain.entities import CaseId, EntryKind, HolderSession, Role
from app.domain.ports import EntryDraft
from app.domain.released import Audience
from app.usecases.file_petition import file_petition
from crypto.digest import sha256_hex
from tests.filings import make_filing
from tests.released import VERSION, release_note, version_of
from tests.revisions import Versions
from tests.web.conftest import Desk, Site

TOKEN = "5" * 64
NARRATIVE = "En agosto de 2025 la empresa despidió a quienes repartían volantes."


def holder(site: Site, case: CaseId, token: str = TOKEN) -> Desk:
    """Return the browser of a signed-in holder."""
    portal = site.services.petitioner
    entry = EntryDraft(EntryKind.CASE_OPENED, "holder", Role.HOLDER, case)
    index = portal.ledger.write(lambda unit: unit.append(entry)).value
    session = HolderSession(sha256_hex(token.encode()), case, 0, 2**40, index)
    portal.ledger.write(lambda unit: unit.holders.add_session(session))
    desk = site.browser()
    desk.client.cookies.set("resguardo_case", token)
    return desk


def test_a_public_version_from_release_to_recall(site: Site) -> None:
    """Released, read logged, handed on, published, checked, called back: each page says it as it is."""
    filing = make_filing(site.services.petitioner.facts.name)
    case, text = CaseId(file_petition(site.services.petitioner, filing.body).case), version_of()
    mine, sha256, at = holder(site, case), sha256_hex(text.encode()), f"/office/cases/{case}"
    ana, anybody = site.signed_in("Ana Publica", Role.REVIEWER), site.browser()
    site.assign("Ana Publica", case)
    assert ana.get(f"{at}/public").status_code == 404
    assert f'href="{at}/public"' not in ana.get(at).text

    def release(audience: Audience) -> int:
        note = release_note(Versions.of(filing).signer(), site.services.petitioner.facts.name, case, text, audience)
        return int(mine.client.post("/api/v1/case/public", json={"text": text, "note": note}).status_code)

    assert release(Audience.OFFICE) == 200
    assert f'href="{at}/public"' in ana.get(at).text
    asked = ana.get(f"{at}/public").text
    assert NARRATIVE not in asked
    assert sha256 in asked
    assert ana.get(f"{at}/public/document").status_code == 422
    assert ana.post(f"{at}/public").status_code == 422
    assert ana.post(f"{at}/public", purpose="EXPORT").status_code == 303
    assert NARRATIVE in ana.get(f"{at}/public").text
    assert ana.get(f"{at}/public/text").content == text.encode()
    assert ana.get(f"{at}/public/document").content.startswith(b"%PDF")
    assert ana.post(f"{at}/public/handed", note=" ").status_code == 422
    assert ana.post(f"{at}/public/handed", note="Jurídico de la planta", token="no").status_code == 403
    assert ana.post(f"{at}/public/handed", note="Jurídico de la planta").status_code == 303
    assert "Jurídico de la planta" in ana.get(f"{at}/public").text
    assert anybody.get(f"/released/{case}").status_code == 404
    assert str(case) not in anybody.get("/released").text
    assert "stands" in anybody.get(f"/released/check?sha256={sha256}").text

    assert release(Audience.EVERYONE) == 200
    assert f"/released/{case}" in anybody.get("/released").text
    assert NARRATIVE in anybody.get(f"/released/{case}").text
    assert anybody.get(f"/released/{case}/text").content == text.encode()
    assert anybody.get(f"/released/{case}/document").content.startswith(b"%PDF")

    assert len(mine.client.post("/api/v1/case/public/withdrawal", json={"withdraw": True}).json()["entries"]) == 1
    for gone in (f"/released/{case}", f"/released/{case}/document", f"/released/{case}/text"):
        assert anybody.get(gone).status_code == 404
    assert "called back" in anybody.get(f"/released/check?sha256={sha256}").text
    assert "Nobody released this here" in anybody.get("/released/check?sha256=" + "0" * 64).text
    versions = mine.client.get("/api/v1/case/public").json()["versions"]
    assert [(each["audience"], bool(each["withdrawn"])) for each in versions] == [("office", True), ("everyone", True)]


def test_a_release_that_does_not_hold_is_a_problem_document(site: Site) -> None:
    """RFC 9457: the code, the field and what to do; never the words that stood there."""
    filing = make_filing(site.services.petitioner.facts.name)
    case = CaseId(file_petition(site.services.petitioner, filing.body).case)
    mine = holder(site, case, "6" * 64)
    facts = {**VERSION["facts"], "narrative": "Lo vio Rosa-Centinela el 3 de mayo."}  # type: ignore[dict-item]  # a mapping
    text = version_of(facts=facts)
    note = release_note(Versions.of(filing).signer(), site.services.petitioner.facts.name, case, text)
    answer = mine.client.post("/api/v1/case/public", json={"text": text, "note": note})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "public.facts.narrative" in answer.text
    assert "Centinela" not in answer.text
    assert mine.client.post("/api/v1/case/public", json={"text": text}).status_code == 422
    assert site.browser().client.post("/api/v1/case/public", json={"text": text, "note": note}).status_code == 401
