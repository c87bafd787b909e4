"""An issuer's server on this machine that misbehaves as told; each answer is a function of the request's handler."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["_Handler"], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what is tried here."""


class Issuer:
    """Answers at a path, one after the other, the last for ever; notes what it was asked."""

    def __init__(self) -> None:
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.issuer = self  # type: ignore[attr-defined]
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self.sent = 0

    def serve(self, path: str, *answers: Answer) -> str:
        """The address at which these answers come."""
        self.answers[path.partition("?")[0]] = list(answers)
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.server_address[1]}{path}"

    def headers(self, number: int = -1) -> dict[str, str]:
        return {key.lower(): value for key, value in self.asked[number][1].items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def issuer(self) -> Issuer:
        return self.server.issuer  # type: ignore[attr-defined, no-any-return]

    def do_GET(self) -> None:
        self.issuer.asked.append((self.path, dict(self.headers)))
        answers = self.issuer.answers.get(self.path.partition("?")[0], [page(b"not here", 404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.close_connection = True
        answer(self)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Issuer]:
    issuer = Issuer()
    threading.Thread(target=issuer.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield issuer
    finally:
        issuer.closing.set()
        issuer.server.shutdown()
        issuer.server.server_close()


def page(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    """A whole answer; headers as Last_Modified=..."""

    def answer(handler: _Handler) -> None:
        handler.send_response(status)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        for key, value in ({"Content-Length": str(len(body))} | named).items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def conditional(body: bytes, etag: str = "", modified: str = "") -> Answer:
    """The body with validators, or 304 where the request has the same."""

    def answer(handler: _Handler) -> None:
        shown = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
        same = (etag and shown[0] == etag) or (not etag and modified and shown[1] == modified)
        headers = {"ETag": etag} if etag else {}
        headers |= {"Last_Modified": modified} if modified else {}
        page(b"" if same else body, 304 if same else 200, **headers)(handler)

    return answer


def moved(to: str, status: int = 302) -> Answer:
    return page(b"", status, Location=to)


def cut(body: bytes, announced: int) -> Answer:
    """Fewer bytes than announced."""
    return page(body, Content_Length=str(announced))


def chunked(body: bytes, *, whole: bool = True) -> Answer:
    """The body in chunks, without a length; the last chunk is missing where it is not whole."""

    def answer(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for start in range(0, len(body), 65536):
            part = body[start : start + 65536]
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            handler.issuer.sent += len(part)
        handler.wfile.write(b"0\r\n\r\n" if whole else b"ffff\r\nabc")

    return answer


def endless() -> Answer:
    """A body without a length that goes on until the client has had enough."""

    def answer(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while not handler.issuer.closing.is_set():
            try:
                handler.wfile.write(b"x" * 65536)
            except OSError:
                return
            handler.issuer.sent += 65536

    return answer


def silent() -> Answer:
    """Takes the request and says nothing."""
    return lambda handler: _until_closing(handler, lambda: None)


def dripping(start: bytes) -> Answer:
    """Writes this at once and then a byte now and then, faster than any time-out of the socket."""

    def answer(handler: _Handler) -> None:
        handler.wfile.write(start)
        _until_closing(handler, lambda: handler.wfile.write(b"x") and handler.wfile.flush())

    return answer


def _until_closing(handler: _Handler, act: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and not handler.issuer.closing.wait(0.05):
        try:
            act()
        except OSError:
            return
