"""Text as every reader of XML can take it and every eye can see it."""

from __future__ import annotations

import re

# What XML 1.0 forbids, controls that nothing shows, half surrogate pairs, and the signs that turn the reading direction
# round, so that a name reads as another. Tab and line feed stay.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_HALF = re.compile("[\ud800-\udfff]")


def legible(text: str) -> str:
    """The text with every sign that is forbidden or unseen shown by its number, as [U+0007]."""
    return _UNFIT.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def is_text(text: str) -> bool:
    """The text can be written: no sign of it is half a surrogate pair, as which bytes that are no text come in."""
    return _HALF.search(text) is None


def readable(text: str) -> str:
    """The text with a replacement character for every such half, as readers show bytes that they cannot decode."""
    return _HALF.sub("\ufffd", text)
