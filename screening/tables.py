"""The door to the files under rules/: YAML whose scalars stay text, and CSV whose cells stay text."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from screening.errors import RulePackError

_PACKAGED = Path(__file__).parent / "_rules"
_CHECKOUT = Path(__file__).parent.parent / "rules"


def rules_folder() -> Path:
    """The rules that ship with the package, or those of the checkout it runs from."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


class Lined(dict[str, Any]):
    """A mapping that knows the line of the file on which each of its keys stands."""

    lines: dict[str, int]

    def at(self, path: object, key: str = "") -> str:
        """Where a key stands, or the mapping, as file and line."""
        return f"{path}:{self.lines.get(key) or min(self.lines.values(), default=1)}"


_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML's own parser where it was built without libyaml


class _TextLoader(_Parser):  # type: ignore[misc]
    """Loads every plain scalar as text and refuses a key that repeats; `# line` positions stay in the error."""


def _mapping(loader: _TextLoader, node: yaml.MappingNode) -> Lined:
    found = Lined()
    found.lines = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        found.lines[key] = key_node.start_mark.line + 1
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_TextLoader.yaml_implicit_resolvers = {}
_TextLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> Any:
    """What a YAML file says, every scalar as text.

    Raises:
        RulePackError: the file is missing, is no YAML, or repeats a key.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)
    except OSError as error:
        raise RulePackError(f"cannot be read ({error.strerror})", at=path) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f"{path}:{mark.line + 1}" if mark else str(path)
        raise RulePackError(f"is no usable YAML: {getattr(error, 'problem', error)}", at=at) from error


def read_table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a reference table, cells stripped, by column name.

    Args:
        columns: the columns the table must have; others are returned too.

    Raises:
        RulePackError: the file is missing, lacks a column, or a row has more or fewer cells than the header.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            missing = [c for c in columns if c not in header]
            if missing:
                raise RulePackError(f"lacks the column {missing[0]!r}", at=path)
            rows = []
            for cells in reader:
                if len(cells) != len(header):
                    raise RulePackError(
                        f"has {len(cells)} cells where the header has {len(header)}", at=f"{path}:{reader.line_num}"
                    )
                rows.append({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
            return rows
    except OSError as error:
        raise RulePackError(f"cannot be read ({error.strerror})", at=path) from error
    except csv.Error as error:
        raise RulePackError(f"is no usable CSV: {error}", at=path) from error
