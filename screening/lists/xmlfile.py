"""XML as issuers publish it, read safely: no document type, no network, one element in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from screening.errors import ListFileError
from screening.lists.files import ListFile
from screening.lists.values import clean

Node: TypeAlias = etree._Element

# A document type can name files and addresses to fetch and can blow text up; no list needs one.
_DOCTYPE = re.compile(rb"<!DOCTYPE|<\x00!\x00D\x00O\x00C\x00T|\x00<\x00!\x00D\x00O\x00C\x00T")


def root(file: ListFile) -> tuple[str, dict[str, str]]:
    """The local name and the attributes of the root element; an empty name where the file does not begin as XML.

    Raises:
        ListFileError: the file states a document type.
    """
    if not file.head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return "", {}
    if _DOCTYPE.search(file.head):
        raise ListFileError(
            "states a document type (DOCTYPE), which no official list needs; it is not read", at=file.path
        )
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        parser.feed(file.head)
        for _, node in parser.read_events():
            assert isinstance(node, etree._Element)  # a start event carries its element
            return name(node), {etree.QName(key).localname: str(value) for key, value in node.attrib.items()}
    except etree.XMLSyntaxError:
        pass
    return "", {}


def elements(file: ListFile, tags: Collection[str]) -> Iterator[Node]:
    """The elements of these names, in any namespace, one after the other; each is cleared before the next comes.

    Raises:
        ListFileError: the file states a document type, does not parse, or ends early.
    """
    wanted = [f"{{*}}{tag}" for tag in tags]
    try:
        with file.path.open("rb") as source:
            parser = etree.iterparse(
                source, events=("end",), tag=wanted, resolve_entities="internal", no_network=True, load_dtd=False,
                huge_tree=False,
            )  # fmt: skip
            for _, node in parser:
                if node.getroottree().docinfo.doctype:
                    raise ListFileError("states a document type (DOCTYPE), which no official list needs", at=file.path)
                yield node
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ListFileError(
            f"does not parse as XML or is cut short ({error.msg})", at=f"{file.path}:{error.lineno or 1}"
        ) from error


def name(node: Node) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(node).localname)


def text(node: Node, path: str) -> str:
    """The cleaned text at a path of child names, in any namespace; empty where there is none."""
    return clean(node.findtext(_any(path)))


def nodes(node: Node, path: str) -> list[Node]:
    """The elements at a path of child names, in any namespace; a path that begins with // looks at every depth."""
    return node.findall(_any(path))


def texts(node: Node, path: str) -> list[str]:
    """The cleaned texts at a path that are not empty."""
    return [found for one in nodes(node, path) if (found := clean(one.text))]


def attribute(node: Node, key: str) -> str:
    """The cleaned value of an attribute; empty where the element has none of that name."""
    return clean(str(node.get(key, "")))


def line(node: Node) -> int:
    """The line of the file the element begins on."""
    found = node.sourceline
    return found if isinstance(found, int) else 0


@lru_cache(maxsize=256)
def _any(path: str) -> str:
    deep, path = path.startswith("//"), path.removeprefix("//")
    return (".//" if deep else "") + "/".join(f"{{*}}{step}" for step in path.split("/"))
