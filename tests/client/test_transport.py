"""What the line to the portal refuses."""

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.client.errors import NetworkError
from app.client.transport import RefusedError, Transport, check_address, origin_of, printable
from tests.client.loopback import Answer, LoopbackPortal, problem


@pytest.fixture
def transport(portal: LoopbackPortal) -> Iterator[Transport]:
    """A connection whose pauses take no time."""
    with Transport(portal.url, "es", lambda _: None) as line:
        yield line


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://portal.example", "insecure"),
        ("http://192.0.2.1:8000", "insecure"),
        ("http://localhost.evil.example", "insecure"),
        ("ftp://127.0.0.1", "address"),
        ("portal.example", "address"),
        ("https://user:secret@portal.example", "address"),
        ("https://portal.example/?code=AAAA", "address"),
        ("https://portal.example/#x", "address"),
        ("https://portal.example:99999", "address"),
        ("https://", "address"),
    ],
)
def test_an_address_that_would_leak_is_refused(address: str, code: str) -> None:
    """Plain http leaves this machine for nobody; addresses carry no secrets."""
    with pytest.raises(NetworkError) as refused:
        check_address(address)
    assert refused.value.code == code
    assert "secret" not in refused.value.text("en")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Portal.Example:443/", "https://portal.example"),
        ("https://portal.example:8443/x/", "https://portal.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://ñandú.example", "https://xn--and-6ma2c.example"),
    ],
)
def test_the_origin_is_what_a_browser_would_say(address: str, origin: str) -> None:
    """The sign-in text names the address called in one form, so that the portal can compare it."""
    assert origin_of(check_address(address)) == origin


def test_a_redirect_is_not_followed(portal: LoopbackPortal, transport: Transport) -> None:
    """A portal that sends elsewhere gets nothing sent elsewhere, not even the status code."""
    with LoopbackPortal() as elsewhere:
        portal.lies["/api/v1/status"] = lambda _: (307, "text/plain", f"{elsewhere.url}/api/v1/status".encode())
        with pytest.raises(NetworkError) as refused:
            transport.post("/api/v1/status", {"code": "X"})
        assert refused.value.code == "redirect"
        assert elsewhere.seen == []


def test_an_endless_answer_is_cut_off(portal: LoopbackPortal, transport: Transport) -> None:
    """More than was asked for is not read into memory."""
    portal.lies["/api/v1/portal"] = lambda _: (200, "application/json", b" " * 100_000)
    with pytest.raises(NetworkError) as refused:
        transport.get("/api/v1/portal", limit=50_000)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"[" * 100_000, b"\xff\xfe", b"null"])
def test_an_answer_that_is_not_ours_is_refused(portal: LoopbackPortal, transport: Transport, body: bytes) -> None:
    """A captive portal of a hotel is told apart from a Resguardo portal."""
    portal.lies["/api/v1/portal"] = lambda _: (200, "application/json", body)
    with pytest.raises(NetworkError) as refused:
        transport.get_json("/api/v1/portal")
    assert refused.value.code == "answer"


def test_a_busy_portal_is_asked_again(portal: LoopbackPortal) -> None:
    """A portal under repair answers later; the pauses grow."""
    pauses: list[float] = []

    def busy(honest: Answer) -> Answer:
        return problem(503, "storage_busy") if len(pauses) < 2 else honest

    portal.lies["/api/v1/portal"] = busy
    with Transport(portal.url, "es", pauses.append) as transport:
        assert transport.get_json("/api/v1/portal")["name"] == "portal.invalid"
    assert pauses == [0.5, 1.0]


def test_a_sign_in_is_never_said_twice(portal: LoopbackPortal, transport: Transport) -> None:
    """What is of single use is not repeated behind the person's back."""
    portal.lies["/api/v1/sign-in"] = lambda _: problem(503, "storage_busy")
    with pytest.raises(NetworkError):
        transport.post("/api/v1/sign-in", {"note": ""})
    assert portal.seen == [("POST", "/api/v1/sign-in")]


def test_the_environment_steers_nothing(monkeypatch: pytest.MonkeyPatch, portal: LoopbackPortal) -> None:
    """Proxy variables and key logs of a prepared machine are not obeyed."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with Transport(portal.url, "es", lambda _: None) as transport:
        assert transport.get_json("/api/v1/portal")["name"] == "portal.invalid"


def test_our_own_proxy_variable_is_obeyed(portal: LoopbackPortal) -> None:
    """`RESGUARDO_PROXY` leads every request through it."""
    with Transport("http://127.0.0.1:9", "es", lambda _: None, portal.url) as transport, pytest.raises(NetworkError):
        transport.get("/api/v1/portal")
    assert portal.seen
    assert portal.seen[0][1] == "http://127.0.0.1:9/api/v1/portal"


@pytest.mark.parametrize("proxy", ["nonsense", "ftp://127.0.0.1", "socks5://127.0.0.1:9050"])
def test_a_proxy_that_does_not_work_is_not_gone_around(proxy: str) -> None:
    """Rather no connection than one that does not take the way that was asked for."""
    with (
        pytest.raises(NetworkError) as refused,
        Transport("https://portal.invalid", "es", lambda _: None, proxy) as line,
    ):
        line.get("/")
    assert refused.value.code in {"proxy", "unreachable"}


def test_refusals_cannot_write_on_the_terminal(portal: LoopbackPortal, transport: Transport) -> None:
    """The portal's own words are shown without control characters, and cut."""
    words = "a\x1b[2J\x9b31m\u202e" + "b" * 1000
    portal.lies["/api/v1/status"] = lambda _: problem(422, "x\x1b", words)
    with pytest.raises(RefusedError) as refused:
        transport.post("/api/v1/status", {})
    shown = refused.value.text("en")
    assert shown.isprintable()
    assert len(shown) < 400


def test_compressed_answers_are_refused(portal: LoopbackPortal) -> None:
    """A few compressed bytes can fill the memory; we did not ask for them."""
    listener = socket.create_server(("127.0.0.1", 0))
    data = gzip.compress(b"{}")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(head.encode() + data)

    thread = threading.Thread(target=serve)
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with listener, Transport(address, "es", lambda _: None) as transport, pytest.raises(NetworkError) as refused:
        transport.get_json("/")
    thread.join()
    assert refused.value.code == "answer"


def test_nobody_there(transport: Transport) -> None:
    """A portal that is gone is said in words, after some tries."""
    with Transport("http://127.0.0.1:1", "es", lambda _: None) as line, pytest.raises(NetworkError) as refused:
        line.get("/")
    assert refused.value.code == "unreachable"


def test_a_false_certificate_stops_everything(tmp_path: Path) -> None:
    """Somebody in the middle with a certificate of their own gets no byte."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    listener = socket.create_server(("127.0.0.1", 0))
    received: list[bytes] = []

    def serve() -> None:
        for _ in range(5):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    received.append(secured.recv(10))
            except (ssl.SSLError, OSError):
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    address = f"https://127.0.0.1:{listener.getsockname()[1]}"
    with Transport(address, "es", lambda _: None) as line, pytest.raises(NetworkError) as refused:
        line.get("/")
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
    assert refused.value.code == "certificate"
    assert received == []


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "certificate.pem"
    plain = key.private_bytes(encoding, private, serialization.NoEncryption())
    path.write_bytes(plain + certificate.public_bytes(encoding))
    return path


def test_foreign_text_is_cut_and_cleaned() -> None:
    """No direction marks, no escapes, no endless lines."""
    assert printable("José\x1b\u202e", 10) == "José  "
    assert printable("x" * 20, 10) == "x" * 10 + "…"
