"""report.html: one page that needs no network, no script and no other file. The only door to Jinja."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from screening.model import Results
from screening.reports import page

NAME = "report.html"
_TEMPLATES = Path(__file__).parent / "templates"
# Turning the reading direction round makes a name read as another: such signs are shown, not obeyed.
_TURNING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSEEN = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **{ord(sign): f"[U+{ord(sign):04X}]" for sign in _TURNING},
}
_SCRIPTS = (
    ("HANGUL", "ko"), ("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("CJK", "zh"), ("CYRILLIC", "ru"), ("ARABIC", "ar"),
)  # fmt: skip


def write(results: Results, folder: Path) -> None:
    """Write the page."""
    (folder / NAME).write_bytes(render(results).encode("utf-8", errors="backslashreplace"))


def render(results: Results) -> str:
    """The page's text; the same results give the same text."""
    style, script = _read("style.css"), _read("script.js")
    return _environment().get_template("report.html.j2").render(
        page.context(results), style=Markup(style), script=Markup(script), policy=policy(style, script)
    )  # fmt: skip


def effectiveness(template: str, **context: Any) -> str:
    """A page or chart of the effectiveness reports, which has no script."""
    style = "\n".join(_read(name) for name in (("chart.css",) if context.get("alone") else ("style.css", "chart.css")))
    return _environment().get_template(template).render(**context, style=Markup(style), policy=policy(style, "")) + "\n"


def policy(style: str, script: str) -> str:
    """A content security policy under which the page can load nothing and run only its own style and script."""
    own = f"style-src {_hash(style)}; script-src {_hash(script)}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def seen(value: Any) -> Any:
    """The value with every control sign made visible; nothing stands for None."""
    if value is None:
        return ""
    return value.translate(_UNSEEN) if isinstance(value, str) and not isinstance(value, Markup) else value


def language(text: str) -> str:
    """The language whose letters decide how the text must look, '' where the page's own does."""
    names = {unicodedata.name(letter, "").split(" ")[0].split("-")[0] for letter in text if ord(letter) > 0x2FF}
    return next((code for script, code in _SCRIPTS if script in names), "")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=seen,
    )
    found.filters.update(
        n=lambda count: f"{count:,}",
        points=lambda figure: f"{figure:+.1f}",
        figure=lambda score: f"{score:.1f}".removesuffix(".0"),
        words=lambda text: str(text).replace("_", " "),
        many=lambda count, noun: f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s",
        language=language,
        count=lambda value: f"{value:,}" if isinstance(value, int) else str(value),
    )
    return found


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
