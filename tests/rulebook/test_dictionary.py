"""The dictionary that officers read is the vocabulary that the code has."""

from __future__ import annotations

import pytest

from screening.rulebook.dictionary import filled
from screening.tables import rules_folder


def test_the_readme_lists_every_fact(request: pytest.FixtureRequest) -> None:
    """Run pytest --rewrite to bring rules/README.md up to date."""
    path = rules_folder() / "README.md"
    if request.config.getoption("--rewrite"):
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == filled(path.read_text(encoding="utf-8"))
