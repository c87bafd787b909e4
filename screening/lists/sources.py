"""Where issuers publish their lists, and what a download must be like: rules/lists.yaml and a settings file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from math import inf, isfinite
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from screening.errors import RulePackError, UsageError
from screening.lists.files import LIST_SUFFIXES
from screening.lists.registry import READERS
from screening.tables import read_yaml

FILE = "lists.yaml"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_WHOLE = ("attempts", "redirects", "least_entries", "max_unconfirmed_days", "may_be_ahead_days", "keep_snapshots")
_MAY_BE_NONE = ("max_age_days",)
_MAY_BE_ZERO = (
    "redirects", "backoff_seconds", "may_shrink", "may_grow", "may_change_entries", "least_entries",
    "may_be_ahead_days",
)  # fmt: skip
_TEXTS = ("issuer", "list", "format", "status", "citation", "note", "token", "use")
_KEYS = (*_TEXTS, "files", "redirect_hosts", "limits")
_NEEDED = ("issuer", "list", "format", "files")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may take, and how far a list may differ from the one in force; rules/lists.yaml says why."""

    connect_seconds: float
    read_seconds: float
    deadline_seconds: float
    attempts: float
    backoff_seconds: float
    redirects: float
    megabytes: float
    least_entries: float
    may_shrink: float
    may_grow: float
    may_change_entries: float
    max_age_days: float
    max_unconfirmed_days: float
    may_be_ahead_days: float
    keep_snapshots: float


@dataclass(frozen=True, slots=True)
class Address:
    """A file of a list: the name it is kept under and where it is published."""

    name: str
    url: str = field(repr=False)  # may carry a token

    @property
    def told(self) -> str:
        """The address without its query, which may hold a token: fit for messages and manifests."""
        return told(self.url)

    @property
    def key(self) -> str:
        """Tells one address from another without showing it."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Feed:
    """A list that an issuer publishes at an address.

    Args:
        id: its name in settings and in the store.
        list: the code of the list, or several with ';' between.
        in_use: it is fetched unless others are named; at most one feed of a list is.
        missing: the environment variable that should hold the token and does not.
    """

    id: str
    issuer: str
    list: str
    format: str
    files: tuple[Address, ...]
    redirect_hosts: tuple[str, ...]
    limits: Limits
    in_use: bool
    status: str
    citation: str
    note: str
    missing: str

    def record(self) -> dict[str, Any]:
        """As JSON tells it, without tokens."""
        return {
            "source": self.id,
            "issuer": self.issuer,
            "list": self.list,
            "format": self.format,
            "in_use": self.in_use,
            "files": {address.name: address.told for address in self.files},
            "redirect_hosts": list(self.redirect_hosts),
            "status": self.status,
            "citation": self.citation,
            "note": self.note,
            "token_missing": self.missing or None,
            "limits": {name: value if isfinite(value) else None for name, value in asdict(self.limits).items()},
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its lists."""
        return tuple(self.list.split(";"))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All feeds known, and the limits that hold where a feed has none of its own."""

    feeds: tuple[Feed, ...]
    limits: Limits

    @property
    def in_use(self) -> tuple[Feed, ...]:
        """The feeds that make up the lists to screen against."""
        return tuple(feed for feed in self.feeds if feed.in_use)

    def named(self, names: Iterable[str]) -> tuple[Feed, ...]:
        """The feeds of these names, which must be in use; all in use where none is named.

        Raises:
            UsageError: there is no such feed, or it is not in use.
        """
        known = {feed.id: feed for feed in self.feeds}
        for name in (names := list(dict.fromkeys(names))):
            if name not in known:
                raise UsageError(f"is no source; `screening lists sources` names them: {', '.join(known)}", at=name)
            if not known[name].in_use:
                raise UsageError("is not in use; set `use: yes` for it in the settings file", at=name)
        return tuple(known[name] for name in names) or self.in_use


def told(url: str) -> str:
    """The address without user, password, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def load(folder: Path, settings: Path | None = None, secrets: Mapping[str, str] | None = None) -> Catalogue:
    """The feeds and limits of the rules folder, as a settings file adds to and overrides them.

    Args:
        secrets: what stands for `{token}` in an address, by the name the feed gives for it: the environment.

    Raises:
        RulePackError: a file is missing, or says something that cannot be used.
    """
    at = folder / FILE
    tree = _parts(read_yaml(at), at)
    shared = tree["limits"]
    entries = {name: (own, at) for name, own in tree["sources"].items()}
    if settings is not None:
        own_tree = _parts(read_yaml(settings), settings)
        shared = {**shared, **own_tree["limits"]}
        for name, own in own_tree["sources"].items():
            entries[name] = (_merged(entries.get(name, ({}, at))[0], own, settings, name), settings)
    limits = _limits(shared, settings or at, "limits")
    feeds = tuple(_feed(name, own, shared, secrets or {}, where) for name, (own, where) in entries.items())
    catalogue = Catalogue(feeds, limits)
    _one_of_each(catalogue, settings or at)
    return catalogue


def _parts(tree: Any, at: Path) -> dict[str, dict[str, Any]]:
    if not isinstance(tree, dict) or not tree.keys() <= {"limits", "sources"}:
        raise RulePackError("has two parts, `limits` and `sources`, and nothing else", at=at)
    found = {name: tree.get(name) or {} for name in ("limits", "sources")}
    for name, part in found.items():
        if not isinstance(part, dict) or not all(isinstance(own, dict) for own in part.values() if name == "sources"):
            raise RulePackError(f"`{name}` maps names to what is said of them", at=at)
    return found


def _merged(shipped: dict[str, Any], own: dict[str, Any], at: Path, name: str) -> dict[str, Any]:
    """What is said of a feed, own words first; its limits are merged one by one."""
    limits = own.get("limits", {})
    if not isinstance(limits, dict):
        raise RulePackError(f"`limits` of {name} maps names to figures", at=at)
    return {**shipped, **own, "limits": {**shipped.get("limits", {}), **limits}}


def _feed(name: str, own: dict[str, Any], shared: dict[str, Any], secrets: Mapping[str, str], at: Path) -> Feed:
    where = f"{at}: {name}"
    if not _ID.fullmatch(name):
        raise RulePackError("a source's name has letters, digits, hyphens and underscores only", at=where)
    if unknown := own.keys() - set(_KEYS):
        raise RulePackError(f"has the unknown key {min(unknown)!r}; known are {', '.join(_KEYS)}", at=where)
    if lacking := [key for key in _NEEDED if not own.get(key)]:
        raise RulePackError(f"lacks {lacking[0]!r}; no source of this name ships, so is the name right?", at=where)
    text = {key: own.get(key, "") for key in _TEXTS}
    if wrong := [key for key in _TEXTS if not isinstance(text[key], str)]:
        raise RulePackError(f"{wrong[0]!r} is a text", at=where)
    if text["format"] not in (formats := [reader.format for reader in READERS]):
        raise RulePackError(f"has the unknown format {text['format']!r}; known are {', '.join(formats)}", at=where)
    if (use := text["use"] or "yes") not in ("yes", "no"):
        raise RulePackError(f"`use` is yes or no, not {use!r}", at=where)
    hosts = own.get("redirect_hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise RulePackError("`redirect_hosts` is a list of host names", at=where)
    secret = secrets.get(text["token"], "") if text["token"] else ""
    limits = own.get("limits", {})
    if not isinstance(limits, dict):
        raise RulePackError("`limits` maps names to figures", at=where)
    return Feed(
        id=name,
        issuer=text["issuer"],
        list=";".join(sorted(text["list"].split(";"))),
        format=text["format"],
        files=_addresses(own["files"], text["token"], secret, where),
        redirect_hosts=tuple(host.lower() for host in hosts),
        limits=_limits({**shared, **limits}, at, name),
        in_use=use == "yes",
        status=text["status"] or "unverified",
        citation=text["citation"],
        note=text["note"],
        missing=text["token"] if text["token"] and not secret else "",
    )


def _addresses(files: Any, token: str, secret: str, at: str) -> tuple[Address, ...]:
    if not isinstance(files, dict):
        raise RulePackError("`files` maps the name a file is kept under to its address", at=at)
    found = []
    for name, url in files.items():
        if not _FILE_NAME.fullmatch(name) or not name.lower().endswith(LIST_SUFFIXES):
            raise RulePackError(
                f"{name!r} is no name for a list file; plain names that end in {', '.join(LIST_SUFFIXES)} are", at=at
            )
        if not isinstance(url, str) or not _has_host(url):
            raise RulePackError(f"{name} has no usable address", at=at)
        if "{token}" in url and not token:
            raise RulePackError("has {token} in an address, and `token` names no environment variable", at=at)
        found.append(Address(name, url.replace("{token}", quote(secret, safe=""))))
    return tuple(found)


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _limits(tree: Mapping[str, Any], at: Path, owner: str) -> Limits:
    names = [one.name for one in fields(Limits)]
    where = f"{at}: {owner}"
    if unknown := tree.keys() - set(names):
        raise RulePackError(f"has the unknown limit {min(unknown)!r}; known are {', '.join(names)}", at=where)
    if lacking := [name for name in names if name not in tree]:
        raise RulePackError(f"lacks the limit {lacking[0]!r}", at=where)
    return Limits(**{name: _figure(name, tree[name], where) for name in names})


def _figure(name: str, stated: Any, at: str) -> float:
    text: Any = stated.get("value") if isinstance(stated, dict) else stated
    if text == "none" and name in _MAY_BE_NONE:
        return inf
    try:
        value = float(text)
    except (TypeError, ValueError) as error:
        raise RulePackError(f"{name} is no number: {text!r}", at=at) from error
    if not isfinite(value) or value < 0 or (value == 0 and name not in _MAY_BE_ZERO):
        raise RulePackError(f"{name} cannot be {text}", at=at)
    if name in _WHOLE and not value.is_integer():
        raise RulePackError(f"{name} is a whole number, not {text}", at=at)
    return value


def _one_of_each(catalogue: Catalogue, at: Path) -> None:
    """No list comes from two feeds: their union would hold parties that one of them has delisted."""
    first: dict[str, Feed] = {}
    for feed in catalogue.in_use:
        for code in feed.codes:
            if (other := first.setdefault(code, feed)) is not feed:
                raise RulePackError(
                    f"{other.id} and {feed.id} both give the list {code}; set `use: no` for one of them", at=at
                )
