"""What tests share: the reference material that may stand beside the checkout, and golden files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write golden files anew; read their diff like code")


@pytest.fixture
def shared() -> Path:
    """The reference material beside the checkout; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the reference lists and labelled sets are not beside this checkout")
    return SHARED


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """A function that holds text against a golden file, or writes it with --rewrite."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--rewrite"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: run pytest --rewrite and read it"
        assert text == path.read_text(encoding="utf-8")

    return check
