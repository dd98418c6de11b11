"""What goes wrong on a telephone: no TLS, no room, no line, two presses, large files, other scripts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect

from tests.browser.chromium import PHONE, Watched, draft_written, watched_page
from tests.browser.filing import PHRASE, Filer
from tests.portal import RunningPortal

pytestmark = [pytest.mark.browser, pytest.mark.node]
DRAFT = "gato azul lento"
NOT_ALL_KEPT = "pero no todos los archivos"
STRANGE = "مرحبا 😀 שלום"
STRANGER = "شاهد 🐝 עדה"
MB = 1_000_000
SELECT = """() => {
    const text = document.querySelector('#review-texts p, #review-texts pre, #review-texts [data-path]')
    const walker = document.createTreeWalker(document.querySelector('#review-texts'), NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf('WORD')
        if (at < 0) continue
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + 'WORD'.length)
        getSelection().removeAllRanges()
        getSelection().addRange(range)
        return true
    }
    return false
}"""


_HEIGHT = "document.querySelector('#filing').offsetHeight"
_PRESSED = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter((one) => one.checkVisibility() && !one.closest('[inert]') && !one.disabled).map((one) => one.id)"""


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A phone in Spanish; of console messages, only what the browser itself says of a lost line is borne."""
    with watched_page(browser, PHONE, quiet=("error: Failed to load resource",)) as page:
        yield page


@pytest.fixture
def filer(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> Filer:
    """Somebody with a phone."""
    folder = tmp_path / "caso"
    folder.mkdir(mode=0o700)
    return Filer(watched.page, shared_portal, folder)


@pytest.mark.parametrize("path", ["/file", pytest.param("/mycase", marks=pytest.mark.long)])
def test_over_plain_http_nothing_can_be_written(browser: Browser, shared_portal: RunningPortal, path: str) -> None:
    """Law L2: where somebody between could change the page, it opens no field, and says that https is needed."""

    def passed_on(route: Route) -> None:
        asked = route.request.url.removeprefix("http://portal.example")
        route.fulfill(response=route.fetch(url=shared_portal.url + asked))

    # The browser's own word about plain http.
    with watched_page(browser, PHONE, quiet=("error: The Cross-Origin-Opener-Policy",)) as watched:
        watched.page.route("http://portal.example/**", passed_on)
        watched.page.goto(f"http://portal.example{path}", wait_until="networkidle")
        expect(watched.page.locator("#broken-why")).to_contain_text("https")
        assert watched.page.locator("input:visible, textarea:visible, main button:visible").count() == 0


@pytest.mark.long
def test_a_device_without_room_says_so_and_loses_nothing(filer: Filer) -> None:
    """A full store when a draft is to begin: a clear word, and the petition goes on without one."""
    _room(filer, 1)
    _file_after_no_draft_could_be_kept(filer)


def _file_after_no_draft_could_be_kept(filer: Filer) -> None:
    filer.open()
    filer.page.check("#draft-keep")
    filer.page.fill("#draft-new", DRAFT)
    filer.page.locator('#start [data-go="1"]').click()
    expect(filer.page.locator("#start [data-problems]")).to_contain_text("sin borrador")
    filer.page.uncheck("#draft-keep")
    filer.go_on("place")
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    filer.send()


def _room(filer: Filer, size: int) -> None:
    """Give the portal's pages room for so many bytes on this device."""
    session = filer.page.context.new_cdp_session(filer.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": filer.portal.url, "quotaSize": size})


@pytest.mark.long
def test_a_store_that_fills_up_while_one_writes_is_said_and_the_page_is_not_left_unasked(filer: Filer) -> None:
    """Half-way the device is full: the page says so, asks before it is left, and the petition goes on."""
    page, asked = filer.page, list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    _room(filer, 2 * MB)
    filer.open()
    filer.begin(draft=DRAFT)
    filer.tell(story="Despidieron a todo el turno.")
    expect(page.locator("#saved")).to_contain_text("queda en este aparato")
    filer.go_on("evidence")
    page.set_input_files("#evidence-file", {"name": "v.mp4", "mimeType": "video/mp4", "buffer": bytes(4 * MB)})
    expect(page.locator("#saved")).to_contain_text(NOT_ALL_KEPT)
    page.locator('#evidence-list [data-part="title"]').fill("Video de la puerta")
    draft_written(page)
    expect(page.locator("#saved")).to_contain_text(NOT_ALL_KEPT)
    assert page.evaluate(_FILES_KEPT) == 0, "not begun, where it would leave no room for the text"
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    filer.send()


# A browser need not tell a site how much room there is: some always name the same large number.
_TELLS_OF_MUCH_ROOM = """if (navigator.storage) {
    StorageManager.prototype.estimate = async () => ({ quota: 10 * 1024 ** 3, usage: 0 })
}"""
_FILES_KEPT = """async () => {
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result) })
    const opened = await done(indexedDB.open("resguardo-draft"))
    const count = await done(opened.transaction("files").objectStore("files").count())
    opened.close()
    return count
}"""


@pytest.mark.long
def test_words_are_kept_while_a_refused_file_takes_the_room(filer: Filer) -> None:
    """Law L7: a browser says there is room and refuses the file half-way; what is written then is kept, and comes back.

    Later there is no room at all, as for minutes after a real refusal: the words go on being kept, encrypted, in a
    second place, and are in one place alone as soon as there is room again.
    """
    page = filer.page
    page.add_init_script(_TELLS_OF_MUCH_ROOM)
    _room(filer, 2 * MB)
    filer.open()
    filer.begin(draft=DRAFT)
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    page.set_input_files("#evidence-file", {"name": "v.mp4", "mimeType": "video/mp4", "buffer": bytes(4 * MB)})
    expect(page.locator("#saved")).to_contain_text(NOT_ALL_KEPT)
    _room(filer, 1)
    page.evaluate("location.hash = 'story'")
    assert "video" not in _write_until(filer, "Después del video.", apart=True)
    expect(page.locator("#saved")).to_contain_text(NOT_ALL_KEPT)
    _come_back(filer)
    expect(page.locator("#saved")).to_contain_text("Archivos que no están en el borrador: 1")
    assert page.input_value("#f-story-narrative").startswith("Después del video.")
    _room(filer, 20 * MB)
    _write_until(filer, "Con lugar otra vez.", apart=False)
    _come_back(filer)
    assert page.input_value("#f-story-narrative").startswith("Con lugar otra vez.")
    _room(filer, 1)
    _write_until(filer, "Y otra vez sin lugar.", apart=True)
    page.locator("#draft-tools summary").click()
    page.locator("#draft-tools [data-wipe]").click()
    page.locator("#draft-tools [data-wipe]", has_text="¿Borrarlo").click()
    expect(page.locator("#saved")).to_contain_text("Se borró")
    assert page.evaluate("localStorage.length") == 0


def _write_until(filer: Filer, words: str, *, apart: bool) -> str:
    """Write on until the text stands in the second place, or no longer; return what that place holds.

    Chromium asks how much room there is every half minute.
    """
    filer.arrive("story")
    for count in range(10_000):
        filer.page.fill("#f-story-narrative", f"{words} {count}")
        filer.page.wait_for_timeout(2000)
        held = str(filer.page.evaluate("localStorage.getItem('resguardo-draft') ?? ''"))
        if bool(held) == apart:
            return held
    raise AssertionError(words)


def _come_back(filer: Filer) -> None:
    """Leave without a word and open the draft again."""
    filer.page.evaluate("window.onbeforeunload = null")
    filer.page.goto("about:blank")
    filer.open()
    filer.page.fill("#draft-open", DRAFT)
    filer.page.click("#draft-go")
    filer.arrive("story")


@pytest.mark.long
def test_a_window_that_keeps_nothing_files_without_a_draft(filer: Filer) -> None:
    """Some browsers refuse every store in a private window: no draft is offered as kept, and nothing breaks."""
    filer.page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }")
    _file_after_no_draft_could_be_kept(filer)


@pytest.mark.long
def test_a_line_that_breaks_at_any_step_is_said_and_mended(watched: Watched, filer: Filer) -> None:
    """Without network each step keeps what was written, says what is missing, and goes on when the line is back."""
    page, line = filer.page, filer.page.context
    steps = re.compile(r"/file/rest\.js$")
    page.route(steps, lambda route: route.abort())
    filer.open()
    page.locator('#start [data-go="1"]').click()
    expect(page.locator("#start [data-problems]")).to_contain_text("Se cortó la conexión")
    page.unroute(steps)
    filer.begin()
    line.set_offline(True)
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    filer.press()
    expect(page.locator("#review [data-problems]")).to_contain_text("Se cortó la conexión")
    line.set_offline(False)
    page.locator("#review [data-problems] button").click()
    expect(page.locator("#review [data-problems]")).to_be_hidden()
    line.set_offline(True)
    expect(page.locator("#review-counter")).not_to_be_empty()
    button = page.locator('#review-open [data-do="hide"]')
    while button.count():
        button.click()
    page.locator('#review [data-go="1"]').click()
    expect(page.locator("#keys [data-problems]")).to_contain_text("Se cortó la conexión")
    line.set_offline(False)
    page.locator('#keys [data-go="1"]').click()
    expect(page.locator("#keys [data-problems]")).to_be_hidden()
    filer.keep_key()
    line.set_offline(True)
    page.click("#send-now")
    expect(page.locator("#send-wrong")).to_contain_text("No se perdió nada")
    page.go_back()
    expect(page.locator("#send")).to_be_visible()
    assert page.url.endswith("#send")
    line.set_offline(False)
    filer.send()


def test_two_presses_at_once_go_one_step(filer: Filer) -> None:
    """A double press on “Continue” does not pass a step unseen; the browser's back button shows it again."""
    filer.open()
    filer.begin()
    for field in ("name", "municipality"):
        filer.page.fill(f"#f-place-{field}", "Silao")
    filer.page.select_option("#f-place-state", "Guanajuato")
    filer.page.locator('#place [data-go="1"]').dblclick()
    filer.arrive("story")
    filer.page.wait_for_timeout(300)
    assert filer.page.locator("#what").is_hidden()
    filer.page.go_back()
    filer.arrive("place")


@pytest.mark.long
def test_a_page_that_is_closed_before_the_receipt_files_once(watched: Watched, filer: Filer) -> None:
    """Law L7: the portal took it, the answer was lost, the page was closed: the draft sends the same again."""
    page, manifests = watched.page, list[str]()

    def lose(route: Route) -> None:
        manifests.append(json.loads(route.request.post_data or "{}")["manifest"])
        route.fetch()
        route.abort()

    filer.open()
    filer.begin(draft=DRAFT)
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    video = {"name": "v.mp4", "mimeType": "video/mp4", "buffer": os.urandom(MB)}
    page.set_input_files("#evidence-file", video)  # type: ignore[arg-type]  # playwright's own typed dictionary
    page.locator('#evidence-list [data-part="title"]').fill("Video")
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    page.route("**/api/v1/petitions", lose)
    page.click("#send-now")
    page.wait_for_event("requestfailed", lambda request: request.url.endswith("/petitions"))
    page.evaluate("window.onbeforeunload = null")
    page.goto("about:blank")
    page.unroute("**/api/v1/petitions")
    page.on("request", lambda request: manifests.extend(_manifest(request)))
    filer.open()
    page.fill("#draft-open", DRAFT)
    page.click("#draft-go")
    filer.arrive("send")
    assert page.locator("#send-back").is_disabled()
    filer.send()
    assert len(manifests) >= 2
    assert len(set(manifests)) == 1


@pytest.mark.long
@pytest.mark.parametrize("pause", [150, 400])
def test_a_second_tap_at_the_same_point_leads_nowhere(filer: Filer, pause: int) -> None:
    """Law L7: what slides under a finger while it is sent is not pressed: one filing, and one is still on the page."""
    page, manifests = filer.page, list[str]()
    page.on("request", lambda request: manifests.extend(_manifest(request)))
    filer.open()
    filer.begin()
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/petitions", hold)
    button, height = page.locator("#send-now").bounding_box(), page.evaluate(_HEIGHT)
    assert button is not None
    spot = (button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    page.mouse.click(*spot)
    page.wait_for_timeout(pause)
    page.mouse.click(*spot)
    while not held:
        page.wait_for_timeout(20)
    assert page.evaluate(_HEIGHT) >= height
    assert page.evaluate(_PRESSED) == ["leave"], "nothing but the quick exit"
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.assign('/receipt'))")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    held[0].continue_()
    filer.arrive("done")
    page.mouse.click(*spot)
    expect(page.locator("#save-case")).to_be_visible()
    assert page.url.endswith("/file#done")
    assert len(set(manifests)) == len(held) == 1
    assert page.locator(".foot a").count() == 0


def _manifest(request: Request) -> list[str]:
    filing = request.method == "POST" and request.url.endswith("/api/v1/petitions")
    return [json.loads(request.post_data or "{}")["manifest"]] if filing else []


_REFUSED = """{
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (value, key) {
    if ((value.data?.byteLength ?? 0) > 500_000) throw new DOMException("", "QuotaExceededError")
    return put.call(this, value, key)
  }
}"""


@pytest.mark.long
def test_a_file_that_the_draft_had_no_room_for_is_asked_for_again(filer: Filer) -> None:
    """Law L7: sealed, closed before anything arrived, and the long video is not in the draft: said, added, filed."""
    page = filer.page
    video = {"name": "v.mp4", "mimeType": "video/mp4", "buffer": os.urandom(MB)}
    page.add_init_script(_REFUSED)
    filer.open()
    filer.begin(draft=DRAFT)
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    page.set_input_files("#evidence-file", video)  # type: ignore[arg-type]  # playwright's own typed dictionary
    page.locator('#evidence-list [data-part="title"]').fill("Video")
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    page.route("**/api/v1/uploads/**", lambda route: route.abort())
    page.click("#send-now")
    expect(page.locator("#send-wrong")).to_contain_text("No se perdió nada")
    page.unroute("**/api/v1/uploads/**")
    expect(page.locator("#saved")).to_contain_text("pero no todos los archivos")
    page.evaluate("window.onbeforeunload = null")
    page.goto("about:blank")
    filer.open()
    page.fill("#draft-open", DRAFT)
    page.click("#draft-go")
    filer.arrive("send")
    expect(page.locator("#saved")).to_contain_text("Archivos que no están en el borrador: 1")
    page.click("#send-now")
    expect(page.locator("#send-wrong")).to_contain_text("Regresa")
    expect(page.locator("#send-back")).to_be_enabled()


@pytest.mark.long
def test_what_proves_a_receipt_is_whole_or_nothing_is_begun(browser: Browser, shared_portal: RunningPortal) -> None:
    """Law L2: one byte more in what comes after the first step, and nobody gets beyond it."""

    def longer(route: Route) -> None:
        answer = route.fetch()
        kept = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
        route.fulfill(status=200, headers={**kept, "content-type": "text/javascript"}, body=answer.body() + b"\n")

    with watched_page(browser, PHONE, quiet=("error: Failed to find a valid digest",)) as watched:
        watched.page.route(re.compile(r"seal/proofs\.js$"), longer)
        watched.page.goto(f"{shared_portal.url}/file")
        watched.page.locator('#start [data-go="1"]').click()
        expect(watched.page.locator("#start [data-problems]")).to_contain_text("Se cortó la conexión")
        expect(watched.page.locator("#place")).to_be_hidden()
        assert watched.console
        assert not [url for url in watched.requested if "/api/" in url]


@pytest.mark.long
def test_other_scripts_and_emoji_in_every_field_arrive(filer: Filer) -> None:
    """Right-to-left text and emoji in each field: shown, sealed and opened as they were written."""
    page = filer.page
    filer.open()
    filer.begin(draft=STRANGE)
    for step in ("place", "story", "what"):
        for fold in page.locator(f"#{step} details > summary").all():
            fold.click()
        for field in page.locator(f"#{step} :is(input[type=text], textarea):visible").all():
            field.fill(STRANGE)
        if step == "place":
            page.select_option("#f-place-state", "Guanajuato")
        if step == "story":
            filer.leave_story()
        else:
            filer.press()
    filer.arrive("witnesses")
    page.check("[data-field='who.kind'][value=person]")
    page.fill("#f-who-person-name", STRANGER)
    page.click("#witness-add")
    page.locator("#witness-list summary").click()
    for field in page.locator("#witness-list :is(input[type=text], textarea):visible").all():
        field.fill(STRANGER)
    filer.go_on("evidence")
    name = f"{STRANGE}.pdf"
    page.set_input_files("#evidence-file", {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    page.locator('#evidence-list [data-part="title"]').fill(STRANGE)
    filer.go_on("review")
    filer.decide()
    key = filer.keep_key()
    filer.send()
    filer.take_all()
    shown = filer.opened(key, PHRASE)
    assert STRANGE in shown
    assert STRANGER in shown


@pytest.mark.long
def test_three_hundred_megabytes_are_sealed_and_sent(filer: Filer, tmp_path: Path) -> None:
    """A long video: sealed slice by slice, sent in parts, filed."""
    video = tmp_path / "video.mp4"
    with video.open("wb") as file:
        file.truncate(300 * MB)
    filer.open()
    filer.begin()
    filer.tell(story="Despidieron a todo el turno.")
    filer.go_on("evidence")
    filer.page.set_input_files("#evidence-file", video)
    expect(filer.page.locator("#evidence-list > li")).to_have_count(1)
    filer.page.locator('[data-part="title"]').last.fill("Video")
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    filer.page.click("#send-now")
    filer.page.wait_for_selector("#done:not([hidden])", timeout=1_200_000)


def test_twelve_words_are_typed_back_and_open_the_case(filer: Filer) -> None:
    """A wrong word is said, the right ones go on without accents; a place is blacked out by selecting it."""
    page = filer.page
    filer.open()
    filer.begin()
    filer.tell(story="Despidieron a todo el turno de la zapatería.")
    filer.go_on("evidence")
    filer.go_on("review")
    expect(page.locator("#review-counter")).not_to_be_empty()
    assert page.evaluate(SELECT.replace("WORD", "zapatería"))
    page.click("#selection-hide")
    expect(page.locator("#review-texts")).not_to_contain_text("zapatería")
    filer.decide()
    page.locator("#key-ways > summary").click()
    page.select_option("#key-way", "words")
    expect(page.locator("#words li")).to_have_count(12)
    filer.words = page.locator("#words li").all_inner_texts()
    asked = page.locator("#words-check [data-word]")
    for field in asked.all():
        field.fill("equivocada")
    page.locator('#keys [data-go="1"]').click()
    expect(page.locator("#keys [data-problems]")).to_be_visible()
    for field in asked.all():
        field.fill(filer.words[int(field.get_attribute("data-word") or 0)].upper())
    filer.go_on("send")
    filer.send()
    filer.take_all()
    words = filer.folder / "palabras.txt"
    words.write_text(" ".join(filer.words))
    assert "zapatería" in filer.opened(words)


@pytest.mark.long
def test_a_draft_is_carried_to_another_device(browser: Browser, filer: Filer, tmp_path: Path) -> None:
    """Saved as a file under its phrase, opened in another browser; a wrong phrase opens nothing; wiped, it is gone."""
    filer.open()
    filer.begin(draft=DRAFT)
    filer.tell(story="Despidieron a todo el turno.")
    filer.page.locator("#draft-tools summary").click()
    with filer.page.expect_download() as given:
        filer.page.click("#draft-export")
    carried = tmp_path / "borrador.age"
    given.value.save_as(carried)
    assert b"Despidieron" not in carried.read_bytes()
    filer.page.locator("#draft-tools [data-wipe]").click()
    filer.page.locator("#draft-tools [data-wipe]", has_text="¿Borrarlo").click()
    expect(filer.page.locator("#saved")).to_contain_text("Se borró")
    with watched_page(browser, PHONE) as other:
        second = Filer(other.page, filer.portal, filer.folder)
        second.open()
        _open_draft(second.page, carried, "gato rojo lento")
        expect(second.page.locator("#start [data-problems]")).to_be_visible()
        _open_draft(second.page, carried, DRAFT)
        second.page.wait_for_selector("#place:not([hidden])")
        assert second.page.locator("#f-story-narrative").input_value() == "Despidieron a todo el turno."
        assert re.search(r"Autopartes", second.page.locator("#f-place-name").input_value())


def _open_draft(page: Page, carried: Path, phrase: str) -> None:
    if not page.locator("#draft-file").is_visible():
        page.locator("#new-draft details summary").click()
    page.set_input_files("#draft-file", carried)
    page.fill("#draft-file-phrase", phrase)
    page.click("#draft-import")


@pytest.mark.long
def test_another_language_keeps_the_place_and_what_was_written(watched: Watched, filer: Filer) -> None:
    """Three languages on the way: same step, same words written, same twelve words; nothing written is sent for it."""
    page = filer.page
    filer.open()
    filer.begin()
    filer.tell(story="Despidieron a todo el turno.")
    page.click("#witness-add")
    page.locator('[data-part="name"]').fill("Rosaura Ejemplo")
    page.locator('.tongues a[lang="en"]').click()
    expect(page.locator("#witnesses h1")).to_contain_text("people")
    expect(page.locator("#witness-list h2")).to_have_text("Person 1")
    expect(page.locator("#where")).to_have_text("Step 5 of 10")
    assert page.locator('[data-part="name"]').input_value() == "Rosaura Ejemplo"
    filer.go_on("evidence")
    filer.go_on("review")
    filer.decide()
    page.locator("#key-ways > summary").click()
    page.select_option("#key-way", "words")
    expect(page.locator("#words li")).to_have_count(12)
    words = page.locator("#words li").all_inner_texts()
    page.locator('.tongues a[lang="fr"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.locator("#words li").all_inner_texts() == words
    page.locator('.tongues a[lang="es"]').click()
    expect(page.locator("#keys h1")).to_have_text("Tu llave")
    assert page.locator('.tongues a[aria-current="true"]').get_attribute("lang") == "es"
    assert "Rosaura" not in " ".join(watched.requested)
    filer.keep_key()
    filer.send()
