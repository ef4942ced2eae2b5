"""The one way out: where it leads and where it never does."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from quell.kernel.outbound import client
from quell.kernel.outbound.client import Blocked, Unreachable, permitted, send

HOSTS = ("push.test", ".below.test")
Serve = Callable[[socket.socket], None]


@contextmanager
def listening(serve: Serve) -> Iterator[int]:
    """Something that takes one connection after another; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                taken, _from = server.accept()
            except OSError:
                return
            with taken:
                try:
                    taken.recv(65536)
                    serve(taken)
                except OSError:
                    pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def saying(answer: bytes) -> Serve:
    return lambda taken: taken.sendall(answer)


@pytest.fixture
def opened(settings):
    """Open a port of this machine, as an operator would."""

    def open_it(port: int) -> str:
        settings.OUTBOUND_OPEN = [f"127.0.0.1:{port}"]
        return f"http://127.0.0.1:{port}/in"

    return open_it


@pytest.fixture
def names(monkeypatch):
    """What names lead to."""
    known: dict[str, list[str]] = {}

    def look(host, port, **_more):
        found = known.get(host, [])
        if not found:
            raise socket.gaierror(-2, "Name or service not known")
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found
        ]

    monkeypatch.setattr(client.socket, "getaddrinfo", look)
    return known


@pytest.mark.parametrize(
    "url", ["https://push.test/a", "https://eu.push.test/a?b=c", "https://x.below.test:443/", "https://PUSH.test/a"]
)
def test_where_it_leads(url):
    assert permitted(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "http://push.test/a",
        "https://push.test:8443/a",
        "https://push.test:22/",
        "https://evilpush.test/",
        "https://push.test.evil.example/",
        "https://below.test/",
        "https://push.test@evil.example/",
        "https://evil.example#push.test",
        "https://evil.example\\@push.test/",
        "https://evil.example?.push.test",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "file:///etc/passwd",
        "ftp://push.test/",
        "gopher://push.test/",
        "//push.test/",
        "push.test",
        "",
        "https://",
        "https://push.test:99999/",
        "https://[push.test/",
        "https://push.test/a b",
        "https://push.test/\r\nX-Evil: 1",
        "https://push.test/ä",
        "https://push.test/" + "a" * 2000,
    ],
)
def test_where_it_never_leads(url, names):
    names["push.test"] = names["localhost"] = ["127.0.0.1"]
    with pytest.raises(Blocked):
        send("POST", url, hosts=HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_called(address, names, monkeypatch):
    """Nor when a public address stands beside it. Nothing may be sent, so no socket may be made."""
    monkeypatch.setattr(client.socket, "socket", lambda *_a, **_k: pytest.fail("a connection was opened"))
    for found in ([address], ["93.184.216.34", address]):
        names["push.test"] = found
        with pytest.raises(Blocked, match="not a public address"):
            send("POST", "https://push.test/a", hosts=HOSTS)


def test_the_address_looked_at_is_the_address_called(names, monkeypatch):
    """A name that answers differently the second time is not asked a second time."""
    called = []

    class Stub(socket.socket):
        def connect(self, place):
            called.append(place)
            names["push.test"] = ["127.0.0.1"]
            raise ConnectionRefusedError

    names["push.test"] = ["93.184.216.34"]
    monkeypatch.setattr(client.socket, "socket", Stub)
    with pytest.raises(Unreachable):
        send("POST", "https://push.test/a", hosts=HOSTS)
    assert called == [("93.184.216.34", 443)]


def test_a_name_that_nobody_knows(names):
    with pytest.raises(Unreachable):
        send("POST", "https://push.test/a", hosts=HOSTS)


def test_an_answer_comes_whole(opened):
    with listening(saying(b"HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nhello")) as port:
        answer = send("POST", opened(port), hosts=(), body=b"x")
    assert (answer.status, answer.headers["location"], answer.body) == (201, "/x", b"hello")


def test_without_a_length_it_is_read_to_its_end(opened):
    with listening(saying(b"HTTP/1.0 200 OK\r\n\r\nhello")) as port:
        assert send("GET", opened(port), hosts=()).body == b"hello"


def test_a_redirect_is_an_answer_and_no_way(opened):
    reached = []
    with listening(lambda taken: reached.append(taken)) as inside:
        told = f"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:{inside}/secret\r\nContent-Length: 0\r\n\r\n".encode()
        with listening(saying(told)) as port:
            assert send("POST", opened(port), hosts=()).status == 307
    assert reached == []


def test_a_long_answer_is_cut(opened):
    with listening(saying(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 500_000)) as port:
        assert len(send("GET", opened(port), hosts=(), largest=1000).body) == 1000


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"], ids=["headers", "body"])
def test_a_server_that_says_a_byte_at_a_time_does_not_hold_us(opened, begins):
    def drip(taken: socket.socket) -> None:
        taken.sendall(begins)
        for _ in range(100):
            taken.sendall(b"H")
            time.sleep(0.1)

    with listening(drip) as port:
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            send("GET", opened(port), hosts=(), seconds=0.6)
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200])
def test_what_is_no_answer(opened, answer):
    with listening(saying(answer)) as port, pytest.raises(Unreachable):
        send("GET", opened(port), hosts=(), seconds=2)


def test_only_the_opened_place_is_open(opened, settings):
    with listening(saying(b"HTTP/1.0 200 OK\r\n\r\n")) as port:
        url = opened(port)
        assert send("GET", url, hosts=()).status == 200
        with pytest.raises(Blocked):
            send("GET", url.replace(str(port), str(port + 1)), hosts=())
        with pytest.raises(Blocked):
            send("GET", url.replace("127.0.0.1", "127.0.0.2"), hosts=())
        settings.OUTBOUND_OPEN = []
        with pytest.raises(Blocked):
            send("GET", url, hosts=())


def test_a_certificate_that_nobody_vouches_for(opened, tmp_path):
    """OTRS CVE-2023-5422: what goes out checks who is there."""
    own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    server = socket.create_server(("127.0.0.1", 0))
    read: list[bytes] = []

    def serve() -> None:
        taken, _from = server.accept()
        try:
            with context.wrap_socket(taken, server_side=True) as safe:
                read.append(safe.recv(1000))
        except OSError:
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(Unreachable, match="certificate"):
        send("POST", opened(server.getsockname()[1]).replace("http:", "https:"), hosts=(), body=b"secret")
    thread.join(5)
    server.close()
    assert read == []


def own_certificate(place) -> None:
    """A certificate that signs itself, with its key, in one file."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (place / "both.pem").write_bytes(secret + made.public_bytes(pem))
