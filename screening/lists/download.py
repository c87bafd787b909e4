"""The door to the network: one file from one address, whole, within limits, or one sentence why not."""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, LocationParseError, NameResolutionError, SSLError
from urllib3.util import Timeout, parse_url

from screening.errors import ListFileError
from screening.lists.sources import Limits, told
from screening.signs import legible

_BLOCK = 1 << 16
_MEGABYTE = 1_000_000
_LONGEST = 200  # of what a message quotes from a server
_PASSING = {408, 425, 429, 500, 502, 503, 504}  # statuses that a later try may not meet (RFC 9110)
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Network:
    """How the world is reached: proxies, hosts that need none, a file of trusted certificates, and our name."""

    https_proxy: str = ""
    http_proxy: str = ""
    no_proxy: str = ""
    ca_file: str = ""
    agent: str = "sanctions-screening"


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server said of the file that is held; it answers 304 where that is still the present one."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Got:
    """A file that came whole."""

    sha256: str
    bytes: int
    validators: Validators


class _AgainError(Exception):
    """A fault that may pass; `wait` is how many seconds the server asks for."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def download(
    url: str, to: Path, limits: Limits, network: Network, held: Validators = Validators(), hosts: Collection[str] = ()
) -> Got | None:
    """Writes the file at an address to `to`; None where the server says that the held one is still present.

    All tries together, with name look-up, redirects and pauses, end at the deadline: they run in a thread of their
    own, because a server that sends one byte of a header now and then passes every time-out of the socket.

    Args:
        hosts: further hosts to which the address may redirect.

    Raises:
        ListFileError: the file did not come whole and within limits.
    """
    work = _Download(url, to, limits, network, held, {_host(url), *hosts})
    thread = threading.Thread(target=work.run, name=f"download {told(url)}", daemon=True)
    thread.start()
    thread.join(limits.deadline_seconds)
    work.stop.set()
    if work.fault is not None:
        raise work.fault
    if not work.done:
        raise work.too_late()
    return work.got


class _Download:
    """One download at work; `stop` ends it at its next byte."""

    def __init__(
        self, url: str, to: Path, limits: Limits, network: Network, held: Validators, hosts: set[str]
    ) -> None:
        self.url, self.to, self.limits, self.network, self.held, self.hosts = url, to, limits, network, held, hosts
        self.stop = threading.Event()
        self.end = time.monotonic() + limits.deadline_seconds
        self.got: Got | None = None
        self.fault: BaseException | None = None
        self.done = False

    def run(self) -> None:
        """Works until done, with the outcome in `got` or `fault`."""
        try:
            self.got = self._tries()
            self.done = True
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self.fault = error

    def _tries(self) -> Got | None:
        attempts, pause = int(self.limits.attempts), self.limits.backoff_seconds
        for number in range(1, attempts + 1):
            try:
                return self._once()
            except _AgainError as error:
                tried = f" ({number} tries)" if number > 1 else ""
                if number == attempts:
                    raise ListFileError(f"{error}{tried}", at=told(self.url)) from error
                wait = max(error.wait, pause)
                if time.monotonic() + wait > self.end:
                    raise ListFileError(
                        f"{error}{tried}, and the next try in {wait:.0f} s would be past the deadline of"
                        f" {self.limits.deadline_seconds:g} s",
                        at=told(self.url),
                    ) from error
                self.stop.wait(wait)
                pause *= 2
        raise AssertionError("a last try either returns or raises")

    def _once(self) -> Got | None:
        url, before = self.url, ""
        for _ in range(int(self.limits.redirects) + 1):
            self._permit(url, before)
            with self._pool(url) as pool:
                response = self._ask(pool, url)
                try:
                    if response.status not in _MOVED:
                        return self._take(response)
                    location = response.headers.get("Location", "")
                finally:
                    response.close()
            if not location:
                raise ListFileError(f"answers {response.status} without saying where the file is", at=told(url))
            try:
                url, before = urljoin(url, location), url
            except ValueError as error:
                raise ListFileError("redirects to what is no usable address", at=told(url)) from error
        raise ListFileError(f"redirects more than {self.limits.redirects:g} times", at=told(self.url))

    def _permit(self, url: str, before: str) -> None:
        """Only https, or http on this machine; only the host asked and those listed."""
        at = told(self.url)
        moved = f"redirects to {_plain(told(url))}, which" if before else ""
        try:
            parts = parse_url(url)
        except LocationParseError as error:
            raise ListFileError(f"{moved} is no usable address".strip(), at=at) from error
        host = (parts.host or "").strip("[]").lower()
        if parts.auth:
            raise ListFileError(f"{moved} has a password in the address".strip(), at=at)
        if parts.scheme != "https" and not (
            parts.scheme == "http" and _is_here(host) and not before.startswith("https")
        ):
            raise ListFileError(f"{moved} is not https".strip(), at=at)
        if host not in self.hosts:
            raise ListFileError(f"{moved} is not among the `redirect_hosts` of the source".strip(), at=at)

    def _pool(self, url: str) -> urllib3.PoolManager:
        """A pool of its own for each request: nothing is left open, nothing is shared."""
        network, host = self.network, _host(url)
        try:
            trust = ssl.create_default_context(cafile=network.ca_file or None)
        except OSError as error:
            raise ListFileError(f"the certificates cannot be read ({error})", at=network.ca_file) from error
        proxy = network.https_proxy if url.startswith("https") else network.http_proxy
        if proxy and not _is_direct(host, network.no_proxy):
            try:
                return urllib3.ProxyManager(proxy, ssl_context=trust)
            except (HTTPError, ValueError) as error:
                raise ListFileError("is no usable address of a proxy", at=told(proxy)) from error
        return urllib3.PoolManager(ssl_context=trust)

    def _ask(self, pool: urllib3.PoolManager, url: str) -> urllib3.BaseHTTPResponse:
        headers = {"User-Agent": self.network.agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        if self.held.etag:
            headers["If-None-Match"] = self.held.etag
        if self.held.last_modified:
            headers["If-Modified-Since"] = self.held.last_modified
        wait = Timeout(connect=self.limits.connect_seconds, read=self.limits.read_seconds)
        try:
            return pool.request(
                "GET", url, headers=headers, timeout=wait, retries=False, redirect=False, preload_content=False
            )
        except SSLError as error:
            raise ListFileError(f"has no certificate that is trusted here ({_why(error)})", at=told(url)) from error
        except HTTPError as error:
            raise _AgainError(f"cannot be reached ({_why(error)})") from error

    def _take(self, response: urllib3.BaseHTTPResponse) -> Got | None:
        status = f"answers {response.status} {_plain(response.reason or '')}".rstrip()
        if response.status in _PASSING:
            raise _AgainError(status, _asked_wait(response))
        if response.status == 304 and self.held:
            return None
        if response.status != 200:
            raise ListFileError(status, at=told(self.url))
        digest, size = self._write(response)
        validators = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
        return Got(digest, size, validators)

    def _write(self, response: urllib3.BaseHTTPResponse) -> tuple[str, int]:
        most = int(self.limits.megabytes * _MEGABYTE)
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > most:
            raise self._too_large()
        digest, size = hashlib.sha256(), 0
        try:
            with self.to.open("wb") as file:
                while block := response.read1(_BLOCK):
                    size += len(block)
                    if size > most:
                        raise self._too_large()
                    if self.stop.is_set() or time.monotonic() > self.end:
                        raise self.too_late()
                    digest.update(block)
                    file.write(block)
        except HTTPError as error:
            raise _AgainError(f"broke off after {size:,} bytes ({_why(error)})") from error
        except OSError as error:
            raise ListFileError(f"cannot be written ({error.strerror})", at=self.to.name) from error
        return digest.hexdigest(), size

    def too_late(self) -> ListFileError:
        """The deadline has passed."""
        return ListFileError(f"took longer than {self.limits.deadline_seconds:g} s in all", at=told(self.url))

    def _too_large(self) -> ListFileError:
        return ListFileError(f"is larger than the {self.limits.megabytes:g} MB allowed", at=told(self.url))


def _asked_wait(response: urllib3.BaseHTTPResponse) -> float:
    """The seconds of Retry-After; 0 where there is none or it is not readable."""
    try:
        return urllib3.Retry().parse_retry_after(response.headers.get("Retry-After", "0"))
    except InvalidHeader:
        return 0.0


def _why(error: HTTPError) -> str:
    """The innermost reason in one clause, without addresses of objects."""
    if isinstance(error, NameResolutionError):
        return "its name is not known"
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__ or getattr(inner, "reason", None)) and isinstance(
        deeper, BaseException
    ):
        inner = deeper
    text = getattr(inner, "strerror", None) or str(inner).rpartition(": ")[2]
    return f"{type(inner).__name__}: {_plain(text)}".rstrip(": ")


def _plain(text: str) -> str:
    """What a server says, fit for a message: one line, control characters shown by number, not long."""
    return legible(" ".join(text.split()))[:_LONGEST]


def _host(url: str) -> str:
    try:
        return (parse_url(url).host or "").strip("[]").lower()
    except LocationParseError:
        return ""


def _is_direct(host: str, no_proxy: str) -> bool:
    """The host, or a domain it belongs to, is among those that need no proxy."""
    exempt = [name.strip().lower().lstrip(".") for name in no_proxy.split(",") if name.strip()]
    return any(name == "*" or host == name or host.endswith(f".{name}") for name in exempt)


def _is_here(host: str) -> bool:
    """The host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
