"""What reports that leave the house must not hold: names and values of records, and names on lists."""

from __future__ import annotations

import pandas as pd

from screening.model import PARTY_ROLES, Results

_PERSONAL = (*PARTY_ROLES, "vessel", "imo", "goods", "quantity")


def private_texts(results: Results) -> set[str]:
    """Every text of the records and hits that says who or what a trade was about."""
    records = pd.DataFrame(results.records)
    found = {str(text) for column in _PERSONAL if column in records for text in records[column]}
    for hit in (*results.hits, *(hit for alert in results.alerts for hit in alert.hits)):
        found |= {hit.value, hit.listed_name, *(text for f in hit.features for text in (f.ours, f.theirs))}
    return {text for text in found if len(text) > 3}
