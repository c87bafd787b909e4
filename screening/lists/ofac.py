"""What OFAC's formats share: the two lists, the programme tags, and the labels of its identifiers."""

from __future__ import annotations

import re
from collections.abc import Collection

from screening.lists import facts
from screening.model import Kind

SDN, NON_SDN = "US-SDN", "US-NONSDN"

_TAG_BREAK = re.compile(r"\]\s*\[|;")
KINDS = {"individual": Kind.PERSON, "entity": Kind.ORGANISATION, "vessel": Kind.VESSEL, "aircraft": Kind.AIRCRAFT}

# Format: how OFAC labels a number in its remarks (its files of December 2023 and 2025),
# longest label first within a type where one begins another.
_LABELS = {
    "company_imo": ("Company Number IMO", "Identification Number IMO"),
    "imo": ("Vessel Registration Identification IMO", "Vessel Registration Identification", "IMO"),
    "mmsi": ("MMSI",),
    "bic": ("SWIFT/BIC",),
    "lei": ("Legal Entity Number", "LEI"),
    "tax": ("Tax ID No.", "V.A.T. Number", "NIT #", "RUC #", "RIF #", "R.F.C."),
    "registration": (
        "Registration Number", "Registration ID", "Business Registration Number", "Business Registration Document #",
        "Business Number", "Business License", "Commercial Registry Number", "Company Number", "Company ID",
        "Unified Social Credit Code (USCC)", "Government Gazette Number", "Chamber of Commerce Number", "C.R. No.",
        "Trade License No.", "Public Registration Number", "Economic Register Number (CBLS)", "Enterprise Number",
        "Central Registration System Number", "Istanbul Chamber of Comm. No.", "Matricula Mercantil No",
        "Folio Mercantil No.", "Registered Charity No.", "D-U-N-S Number", "Certificate of Incorporation Number",
    ),
    "passport": ("Passport", "Diplomatic Passport", "Stateless Person Passport"),
    "id": (
        "National ID No.", "Cedula No.", "Cedula de Ciudadania", "Identification Number", "Personal ID Card",
        "National Foreign ID Number", "D.N.I.", "C.U.R.P.", "C.U.I.", "Citizen's Card Number", "SSN", "I.F.E.",
        "C.U.I.P.", "Birth Certificate Number", "Driver's License No.", "Residency Number", "Kenyan ID No.",
        "Electoral Registry No.",
    ),
    "other": (
        "Aircraft Tail Number", "Aircraft Manufacturer's Serial Number (MSN)", "BIK (RU)", "ISIN", "Equity Ticker",
    ),
}  # fmt: skip
_TYPE_OF = {label.rstrip("."): kind for kind, labels in _LABELS.items() for label in labels}
_NUMBER = re.compile(
    rf"(?:alt\. )?({'|'.join(re.escape(label) for label in sorted(_TYPE_OF, key=len, reverse=True))})\.?\s+(\S.*)"
)
_AFTER_NUMBER = re.compile(r"\s+\(.*|\s+(?:issued|expires)\b.*|\s+- \d.*")


def programmes(text: str) -> tuple[str, ...]:
    """The programme tags, which the CSV files run together as `DPRK3] [CYBER2`."""
    tags = (tag.strip(" []") for tag in _TAG_BREAK.split(text))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def which_list(tagged: Collection[Collection[str]]) -> str:
    """The list that most entries, each given by its tags, belong to.

    OFAC's files do not say which of its two lists they hold, and the layouts are the same; an entry of one list may
    bear a tag of the other beside its own.
    """
    own = facts.stated("ofac_non_sdn_tags")
    non_sdn = sum(1 for tags in tagged if any(tag.upper() in own for tag in tags))
    return NON_SDN if 2 * non_sdn > len(tagged) else SDN


def number(text: str, kind: Kind) -> tuple[str, str] | None:
    """The type and value of a number stated as `Label value (Country) issued ...`; None where the text states none."""
    if not (found := _NUMBER.fullmatch(text)):
        return None
    label, value = found[1].rstrip("."), _AFTER_NUMBER.sub("", found[2])
    if not any(sign.isdigit() for sign in value) and label not in ("SWIFT/BIC", "Equity Ticker"):
        return None
    return typed(label, value, kind)


def is_number(label: str) -> bool:
    """OFAC's label is one of a number, not of a remark that it files among the numbers."""
    return label.rstrip(".") in _TYPE_OF


def typed(label: str, value: str, kind: Kind) -> tuple[str, str]:
    """The type of a number by OFAC's label for it, `other` where the label is not known, and the value.

    An IMO number of a ship identifies the ship, one of anybody else the company that holds it.
    """
    of_type = _TYPE_OF.get(label.rstrip("."), "other")
    if value.upper().startswith("IMO") and of_type in ("id", "registration", "imo"):
        of_type, value = "imo", value[3:]
    if of_type in ("imo", "company_imo"):
        of_type = "imo" if kind is Kind.VESSEL else "company_imo"
    if of_type == "lei" and len(value) != 20:
        of_type = "registration"
    return of_type, value
