"""The schema that editors read is the one that the code makes."""

from __future__ import annotations

import json

import pytest

from screening.rulebook.schema import schema
from screening.tables import rules_folder


def test_the_schema_is_that_of_the_code(request: pytest.FixtureRequest) -> None:
    """Run pytest --rewrite to bring rules/rule.schema.json up to date."""
    path = rules_folder() / "rule.schema.json"
    text = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--rewrite"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
