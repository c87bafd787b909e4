"""The formats of official lists that are known, one row each; a file belongs to the first whose content it shows."""

from __future__ import annotations

from screening.lists import house_csv, ofac_csv

READERS = (
    ofac_csv.READER,
    house_csv.READER,
)
