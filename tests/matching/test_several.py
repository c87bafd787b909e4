"""One cell that names several parties, or a ship by its former name too, is read as all of them."""

from __future__ import annotations

import pandas as pd

from screening.lists import build, extract_folder
from screening.matching.screen import Matcher


def test_each_name_of_a_cell_is_matched() -> None:
    """Two listed firms with a stroke between, and a ship with the name it had before."""
    snapshot = build([extract_folder()])
    matcher = Matcher(snapshot)
    firms, ship = matcher.lookup(["Ibex Shipping Inc / Azia Shipping Company", "SEA STAR ex CHON MA SAN"])
    names = pd.Series([snapshot.entries["name"].iat[hit.entry] for hit in firms])
    assert names.str.contains("IBEX", case=False).any()
    assert names.str.contains("AZIA", case=False).any()
    assert any(snapshot.entries["name"].iat[hit.entry] == "CHON MA SAN" for hit in ship)
