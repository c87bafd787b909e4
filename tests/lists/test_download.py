"""A file comes whole and within limits, or one sentence says why not, whatever the server does."""

from __future__ import annotations

import gzip
import hashlib
import ssl
import subprocess
import threading
import time
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from screening.errors import ListFileError
from screening.lists.download import Network, Validators, download
from screening.lists.sources import load
from screening.tables import rules_folder
from tests.lists import issuer as answers
from tests.lists.issuer import Issuer, _Handler, page

BODY = b"<list>" + b"entry " * 1000 + b"</list>"
LIMITS = replace(
    load(rules_folder()).limits,
    connect_seconds=0.5, read_seconds=0.5, deadline_seconds=5, attempts=3, backoff_seconds=0.01, megabytes=0.1,
)  # fmt: skip
SHORT = replace(LIMITS, deadline_seconds=0.6)


@pytest.fixture
def issuer():
    with answers.running() as running:
        yield running


def _fault(url: str, tmp_path: Path, limits=LIMITS, **more: object) -> str:
    with pytest.raises(ListFileError) as caught:
        download(url, tmp_path / "file", limits, Network(), **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_comes_whole_with_its_hash_and_validators(issuer: Issuer, tmp_path: Path) -> None:
    url = issuer.serve("/un.xml", page(BODY, ETag='"a"', Last_Modified="Fri, 27 Feb 2026 00:00:09 GMT"))
    got = download(url, tmp_path / "file", LIMITS, Network(agent="screening/1"))
    assert (tmp_path / "file").read_bytes() == BODY
    assert got is not None
    assert (got.sha256, got.bytes) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert got.validators == Validators('"a"', "Fri, 27 Feb 2026 00:00:09 GMT")
    assert issuer.headers()["user-agent"] == "screening/1"
    assert "if-none-match" not in issuer.headers()


def test_what_has_not_changed_is_not_sent_again(issuer: Issuer, tmp_path: Path) -> None:
    url = issuer.serve("/un.xml", page(b"", 304))
    assert download(url, tmp_path / "file", LIMITS, Network(), Validators('"a"', "yesterday")) is None
    assert issuer.headers()["if-none-match"] == '"a"'
    assert issuer.headers()["if-modified-since"] == "yesterday"
    assert "answers 304" in _fault(url, tmp_path), "nobody asked whether it had changed"


@pytest.mark.parametrize(
    ("bad", "asked"),
    [
        (page(b"", 500), 2),
        (page(b"", 503, Retry_After="0"), 2),
        (page(b"", 429, Retry_After="soon"), 2),
        (answers.cut(BODY, 99_999), 2),
        (answers.chunked(BODY, whole=False), 2),
        (answers.silent(), 2),
    ],
    ids=["500", "503", "429", "cut", "chunk cut", "silent"],
)
def test_a_fault_that_passes_is_waited_for(bad, asked: int, issuer: Issuer, tmp_path: Path) -> None:
    """The second try gets the whole file, and nothing of the first is left in it."""
    download(issuer.serve("/un.xml", bad, page(BODY)), tmp_path / "file", LIMITS, Network())
    assert (tmp_path / "file").read_bytes() == BODY
    assert len(issuer.asked) == asked


@pytest.mark.parametrize(
    ("bad", "says", "asked"),
    [
        (page(b"", 500), "answers 500 Internal Server Error (3 tries)", 3),
        (page(b"gone", 404), "answers 404 Not Found", 1),
        (page(b"", 403), "answers 403", 1),
        (page(b"", 204), "answers 204", 1),
        (answers.cut(BODY, 99_999), "broke off after", 3),
        (answers.chunked(BODY, whole=False), "broke off after", 3),
        (answers.silent(), "cannot be reached", 3),
        (page(b"x" * 100_001), "is larger than the 0.1 MB allowed", 1),
        (answers.cut(b"x", 10**12), "is larger than the 0.1 MB allowed", 1),
        (answers.chunked(b"x" * 5_000_000), "is larger than the 0.1 MB allowed", 1),
        (page(gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip"), "is larger than the 0.1 MB allowed", 1),
        (page(b"", 302), "without saying where", 1),
        (lambda handler: handler.wfile.write(b"SMTP ready\r\n\r\n"), "cannot be reached", 3),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 404 \x1b[2Jgone\r\n\r\n"), "answers 404 [U+001B][2Jgone", 1),
    ],
    ids=[
        "500", "404", "403", "204", "cut", "chunk cut", "silent", "large", "announced large", "large in chunks",
        "gzip bomb", "moved nowhere", "no HTTP", "control characters",
    ],
)  # fmt: skip
def test_a_fault_that_stays_is_told_in_one_sentence(bad, says: str, asked: int, issuer: Issuer, tmp_path: Path) -> None:
    url = issuer.serve("/un.xml", bad)
    assert says in _fault(url, tmp_path)
    assert len(issuer.asked) == asked


def test_a_body_without_end_is_left_as_soon_as_it_is_too_large(issuer: Issuer, tmp_path: Path) -> None:
    assert "is larger" in _fault(issuer.serve("/un.xml", answers.endless()), tmp_path)
    assert issuer.sent < 20_000_000


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: ",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n"],
    ids=["body", "body of a length", "header", "chunk"],
)  # fmt: skip
def test_a_server_that_drips_does_not_hold_the_night(start: bytes, issuer: Issuer, tmp_path: Path) -> None:
    """Every byte comes before the time-out of the socket; the deadline counts all of them together."""
    began = time.monotonic()
    assert "took longer than 0.6 s" in _fault(issuer.serve("/un.xml", answers.dripping(start)), tmp_path, SHORT)
    assert time.monotonic() - began < 2


def test_retry_after_is_kept_where_the_deadline_allows(issuer: Issuer, tmp_path: Path) -> None:
    url = issuer.serve("/un.xml", page(b"", 503, Retry_After="1"), page(BODY))
    began = time.monotonic()
    download(url, tmp_path / "file", LIMITS, Network())
    assert time.monotonic() - began >= 1


def test_retry_after_beyond_the_deadline_is_not_waited_for(issuer: Issuer, tmp_path: Path) -> None:
    url = issuer.serve("/un.xml", page(b"", 503, Retry_After="3600"))
    began = time.monotonic()
    assert "next try in 3600 s would be past the deadline of 5 s" in _fault(url, tmp_path)
    assert time.monotonic() - began < 1


def test_a_closed_port_and_an_unknown_name_are_told(tmp_path: Path) -> None:
    with answers.running() as gone:
        url = gone.url("/un.xml")
    assert "cannot be reached (ConnectionRefusedError: Connection refused) (3 tries)" in _fault(url, tmp_path)


def test_redirects_are_followed_to_the_host_asked_and_to_those_listed(issuer: Issuer, tmp_path: Path) -> None:
    """Relative, absolute, and to another host that the source lists; the validators go along."""
    issuer.serve("/b.xml", answers.moved(issuer.url("/c.xml", "localhost"), 307))
    issuer.serve("/c.xml", page(BODY))
    url = issuer.serve("/a.xml", answers.moved("b.xml"))
    download(url, tmp_path / "file", LIMITS, Network(), Validators('"a"'), ["localhost"])
    assert (tmp_path / "file").read_bytes() == BODY
    assert [path for path, _ in issuer.asked] == ["/a.xml", "/b.xml", "/c.xml"]
    assert issuer.headers()["if-none-match"] == '"a"'
    assert "localhost" in (fault := _fault(url, tmp_path))
    assert "is not among the `redirect_hosts`" in fault


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("http://lists.example/un.xml", "is not https"),
        ("https://lists.example/un.xml", "is not among the `redirect_hosts`"),
        ("file:///etc/passwd", "is not https"),
        ("http://user:secret@127.0.0.1/un.xml", "has a password"),
        ("http://[", "no usable address"),
        ("/a.xml", "redirects more than 3 times"),
    ],
)
def test_redirects_elsewhere_are_refused(to: str, says: str, issuer: Issuer, tmp_path: Path) -> None:
    fault = _fault(issuer.serve("/a.xml", answers.moved(to)), tmp_path)
    assert says in fault
    assert "secret" not in fault


@pytest.mark.parametrize("url", ["http://lists.example/un.xml", "ftp://127.0.0.1/un.xml", "https://me:pw@lists.example/a"])
def test_an_address_that_is_not_https_is_not_asked(url: str, tmp_path: Path) -> None:
    """Plain http goes to this machine only."""
    assert "pw" not in _fault(url, tmp_path)


def test_a_token_in_the_address_is_in_no_message(issuer: Issuer, tmp_path: Path) -> None:
    url = issuer.serve("/fsf.xml?token=geheim", page(b"", 404))
    assert "geheim" not in _fault(url, tmp_path)
    assert issuer.asked[0][0].endswith("token=geheim")


def test_a_proxy_is_asked_except_for_hosts_that_need_none(issuer: Issuer, tmp_path: Path) -> None:
    with answers.running() as proxy:
        proxy.serve("http://localhost:1/un.xml", page(BODY))
        network = Network(http_proxy=proxy.url(""), no_proxy="intranet.example,127.0.0.1")
        download("http://localhost:1/un.xml", tmp_path / "file", LIMITS, network)
        assert [path for path, _ in proxy.asked] == ["http://localhost:1/un.xml"]
        download(issuer.serve("/un.xml", page(BODY)), tmp_path / "file", LIMITS, network)
        assert (len(proxy.asked), len(issuer.asked)) == (1, 1)


def test_a_certificate_must_be_trusted(tmp_path: Path) -> None:
    """Refused at once where nobody vouches for it; taken where the environment names it."""
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]  # fmt: skip
    try:
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no openssl command that makes a certificate")
    issuer = Issuer()
    assert isinstance(issuer.server, ThreadingHTTPServer)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    issuer.server.socket = trust.wrap_socket(issuer.server.socket, server_side=True)
    issuer.server.RequestHandlerClass = _Handler
    threading.Thread(target=issuer.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        url = issuer.serve("/un.xml", page(BODY)).replace("http:", "https:")
        assert "no certificate that is trusted" in _fault(url, tmp_path)
        download(url, tmp_path / "file", LIMITS, Network(ca_file=str(tmp_path / "cert.pem")))
        assert (tmp_path / "file").read_bytes() == BODY
        with pytest.raises(ListFileError, match="certificates cannot be read"):
            download(url, tmp_path / "file", LIMITS, Network(ca_file=str(tmp_path / "none.pem")))
    finally:
        issuer.server.shutdown()
        issuer.server.server_close()


def test_a_full_disk_is_told(issuer: Issuer, tmp_path: Path) -> None:
    """The file cannot be written: no retry, one sentence."""
    with pytest.raises(ListFileError, match="cannot be written"):
        download(issuer.serve("/un.xml", page(BODY)), tmp_path / "nowhere" / "file", LIMITS, Network())
    assert len(issuer.asked) == 1
