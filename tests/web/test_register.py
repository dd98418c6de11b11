"""The register: what the page says, what the CSV says, and what a stranger counts from the log, are the same."""

import json

import httpx2

from tests.filings import make_filing
from tests.portal import RunningPortal, resguardo


def test_totals_of_the_page_are_those_of_the_log(shared_portal: RunningPortal) -> None:
    """Law L9: a stranger recomputes the register from the public log alone."""
    body = dict(make_filing(shared_portal.api()["name"]).body)
    assert httpx2.post(f"{shared_portal.url}/api/v1/petitions", json=body).status_code < 300
    key = shared_portal.api()["log_vkey"]
    for _ in range(20):
        before = httpx2.get(f"{shared_portal.url}/register.csv").text
        done = resguardo("audit", shared_portal.url, "--key", key, "--totals", "--json")
        after = httpx2.get(f"{shared_portal.url}/register.csv").text
        counted = json.loads(done.stdout)["months"]
        if before == after and counted:
            break
    header, *lines = after.splitlines()
    assert header == ",".join(counted[0])
    assert lines == [",".join(map(str, month.values())) for month in counted]
    assert sum(month["received"] for month in counted) >= 1
    page = httpx2.get(f"{shared_portal.url}/register", headers={"accept-language": "en"}).text
    assert all(f'<th scope="row">{month["month"]}</th><td>{month["received"]}</td>' in page for month in counted)
