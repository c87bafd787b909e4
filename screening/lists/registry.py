"""The formats of official lists that are known, one row each; a file belongs to the first whose content it shows."""

from __future__ import annotations

from screening.lists import (
    eu_fsf_xml,
    eu_journal_csv,
    ftm_json,
    house_csv,
    ofac_csv,
    ofac_xml,
    opensanctions_csv,
    swiss_xml,
    uk_conlist,
    uk_sanctions_list,
    uk_sanctions_xml,
    un_xml,
)

READERS = (
    ofac_csv.READER,
    ofac_xml.READER,
    un_xml.READER,
    uk_conlist.READER,
    uk_sanctions_list.READER,
    uk_sanctions_xml.READER,
    eu_fsf_xml.READER,
    eu_journal_csv.READER,
    swiss_xml.READER,
    opensanctions_csv.READER,
    ftm_json.READER,
    house_csv.READER,
)
