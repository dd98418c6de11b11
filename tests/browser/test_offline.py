"""The offline edition: a file that needs no network and reaches none, and the package that it makes, handed in."""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
from pathlib import Path
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.i18n import LANGUAGES
from app.web.offline import published
from tests.browser.chromium import PHONE, Watched, watched_page
from tests.browser.filing import CASE_NAME, NAMES, PHRASE, Filer, cover_middle, photo
from tests.browser.test_filing_page import SMALL, objections
from tests.browser.test_story import no_sideways_scroll, shoot
from tests.browser.widths import misfits
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.browser, pytest.mark.node]
EVIDENCE = bytes(range(256)) * 4096  # 1 MiB, so that it travels as parts


class OfflineFiler(Filer):
    """Somebody whose telephone has the file, and no network."""

    def open(self, path: str = "es") -> None:
        """Take the file from the portal beforehand, then open it without network."""
        answer = self.page.context.request.get(f"{self.portal.url}/offline/resguardo-{path}.html")
        assert "attachment" in answer.headers["content-disposition"]
        file = self.folder.parent / f"resguardo-{path}.html"
        file.write_bytes(answer.body())
        self.page.context.set_offline(True)
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("#start:not([hidden])")

    def pack(self) -> Path:
        """Seal everything and save the package."""
        self.send()
        return self.take("#save-package", "package.tar")


@pytest.fixture
def filer(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> OfflineFiler:
    """Somebody with a phone."""
    folder = tmp_path / "caso"
    folder.mkdir(mode=0o700)
    return OfflineFiler(watched.page, shared_portal, folder)


def sealed_package(filer: OfflineFiler) -> tuple[Path, Path]:
    """File on the offline edition; return the package and the key file."""
    filer.open()
    filer.begin()
    filer.tell()
    filer.name()
    picture = {"name": "rosaura.jpg", "mimeType": "image/jpeg", "buffer": photo(filer.page)}
    video = {"name": "rosaura.mp4", "mimeType": "video/mp4", "buffer": EVIDENCE}
    filer.page.set_input_files("#evidence-file", [picture, video])  # type: ignore[arg-type]  # playwright's own typed dictionary
    titles = filer.page.locator('#evidence-list [data-part="title"]')
    expect(titles).to_have_count(2)
    titles.nth(0).fill("Foto de la lista")
    titles.nth(1).fill("Video de la línea")
    cover_middle(filer.page.locator("#evidence-list > li").first)
    filer.go_on("review")
    filer.decide()
    key = filer.keep_key()
    return filer.pack(), key


def hand_in(page: Page, portal: RunningPortal, package: Path) -> str:
    """Hand a package in at the portal's page; return the case number that it tells."""
    page.goto(f"{portal.url}/package")
    page.wait_for_selector("#ready:not([hidden])")
    page.set_input_files("#package-file", package)
    page.click("#package-send")
    page.wait_for_selector("#arrived:not([hidden]), #wrong:not([hidden])")
    expect(page.locator("#wrong")).to_be_hidden()
    return page.locator("#facts dd").first.inner_text()


def test_sealed_without_network_handed_in_by_anybody_and_opened(
    browser: Browser, watched: Watched, filer: OfflineFiler, tmp_path: Path
) -> None:
    """Laws L2, L7: no name in the package; by page or program it is filed once; the filer's key opens it."""
    package, key = sealed_package(filer)
    filer.take("#save-case", CASE_NAME)
    shoot(watched.page, "offline-done")
    assert [url for url in watched.requested if not url.startswith(("file:", "blob:", "data:"))] == []
    content = package.read_bytes()
    assert [name for name in (*NAMES, "Heriberto", "lista negra") if name.encode() in content] == []
    with tarfile.open(package) as tar:
        names = tar.getnames()
        assert {member.mtime for member in tar} == {0}
    assert names[0] == "filing.json"
    assert len(names) == 2, "the file of 1 MiB travels as a part"

    with watched_page(browser, PHONE) as carrier:
        number = hand_in(carrier.page, filer.portal, package)
        no_sideways_scroll(carrier.page)
        with carrier.page.expect_download() as given:
            carrier.page.click("#save-receipt")
        given.value.save_as(tmp_path / "receipt.tlog-proof")
        assert hand_in(carrier.page, filer.portal, package) == number

    again = resguardo(
        "file", "--package", package, "--portal", filer.portal.url, "--out", tmp_path / "carried", "--json"
    )
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["case"] == number
    assert [path.name for path in (tmp_path / "carried").iterdir()] == ["receipt.tlog-proof"]

    own = resguardo("file", "--package", package, "--portal", filer.portal.url, "--out", filer.folder)
    assert own.returncode == 0, own.stderr
    shown = filer.opened(key, PHRASE)
    assert "Rosaura Ejemplo Muestra" in shown
    [picture] = (filer.folder / f"files-{key.stem}").glob("*.jpg")
    with Image.open(picture) as image:
        assert max(image.convert("L").getpixel((image.width // 2, image.height * 45 // 100)), 0) < 40, "covered by hand"  # type: ignore[type-var, operator]  # of a grey picture, a number


def test_a_package_that_is_not_whole_or_not_for_here_is_refused(
    browser: Browser, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """A cut package, and no package at all: a clear word, and nothing is sent."""
    broken = tmp_path / "package.tar"
    with watched_page(browser, PHONE) as watched:
        page = watched.page
        for content in (b"", b"x" * 2048):
            broken.write_bytes(content)
            page.goto(f"{shared_portal.url}/package")
            page.wait_for_selector("#ready:not([hidden])")
            page.set_input_files("#package-file", broken)
            page.click("#package-send")
            expect(page.locator("#wrong")).to_contain_text("No se envió nada")
    done = resguardo("file", "--package", broken, "--portal", shared_portal.url, "--out", tmp_path / "caso")
    assert done.returncode == 2
    assert "package.tar" in done.stderr


def test_the_edition_is_the_one_in_the_list_but_for_its_last_line(shared_portal: RunningPortal) -> None:
    """Law L5: what is handed out is in the list whose hash stands in the log; one line more names the portal."""
    for language in LANGUAGES:
        name = f"resguardo-{language}.html"
        content = urlopen(f"{shared_portal.url}/offline/{name}", timeout=600).read()
        edition, _, line = content.rstrip(b"\n").rpartition(b"\n")
        assert edition + b"\n" == published().editions[name]
        assert line.startswith(b'<script type="application/json" id="portal">')


def test_one_changed_byte_of_the_file_is_found_by_its_hash(shared_portal: RunningPortal) -> None:
    """Law L2: a changed file would run. So it is compared, as docs/browser.md says: with the list, with the page."""
    content = urlopen(f"{shared_portal.url}/offline/resguardo-es.html", timeout=600).read()
    listed = json.load(urlopen(f"{shared_portal.url}/api/v1/modules", timeout=600))["modules"]
    told = urlopen(f"{shared_portal.url}/self-check", timeout=600).read().decode()
    assert listed["offline/resguardo-es.html"] == _as_compared(content)
    assert hashlib.sha256(content).hexdigest() in told
    place = content.index(b"importKey")
    changed = content[:place] + b"I" + content[place + 1 :]
    other = (
        "sha384-" + base64.b64encode(hashlib.sha384(b"".join(changed.splitlines(keepends=True)[:-1])).digest()).decode()
    )
    assert other not in listed.values()
    assert hashlib.sha256(changed).hexdigest() not in told


def _as_compared(content: bytes) -> str:
    """Return what `head -n -1 FILE | openssl dgst -sha384 -binary | base64` says of a file, as the list spells it."""
    edition = content.rstrip(b"\n").rpartition(b"\n")[0] + b"\n"
    return f"sha384-{base64.b64encode(hashlib.sha384(edition).digest()).decode()}"


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edition_and_the_door_are_readable_to_all(
    browser: Browser, shared_portal: RunningPortal, tmp_path: Path, language: str, *, dark: bool
) -> None:
    """At 320 px nothing scrolls sideways, and axe finds nothing, in the file and where its package is handed in."""
    folder = tmp_path / "caso"
    folder.mkdir(mode=0o700)
    with watched_page(browser, SMALL, locale=language, dark=dark) as watched:
        filer = OfflineFiler(watched.page, shared_portal, folder)
        filer.open(language)
        _looked_at(watched.page, f"offline-start-{language}-{dark}")
        filer.begin()
        filer.tell(story="Despidieron a todo el turno.")
        filer.go_on("evidence")
        filer.go_on("review")
        filer.decide()
        filer.keep_key()
        filer.send()
        _looked_at(watched.page, f"offline-done-{language}-{dark}")
        watched.page.evaluate("window.onbeforeunload = null")
    with watched_page(browser, SMALL, locale=language, dark=dark) as watched:
        watched.page.goto(f"{shared_portal.url}/package")
        watched.page.wait_for_selector("#ready:not([hidden])")
        _looked_at(watched.page, f"package-{language}-{dark}")


def _looked_at(page: Page, name: str) -> None:
    no_sideways_scroll(page)
    shoot(page, name)
    assert objections(page) == []
    assert misfits(page) == []
