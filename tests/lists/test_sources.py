"""The sources that ship are complete and cited; a settings file adds to them and overrides them, or is refused."""

from __future__ import annotations

from math import inf
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from screening.errors import RulePackError, UsageError
from screening.lists.sources import Catalogue, load, told
from screening.tables import read_yaml, rules_folder

SHIPPED = load(rules_folder())


def _with(tmp_path: Path, text: str, **secrets: str) -> Catalogue:
    (tmp_path / "settings.yaml").write_text(text, encoding="utf-8")
    return load(rules_folder(), tmp_path / "settings.yaml", secrets)


def _feed(catalogue: Catalogue, name: str):
    return next(feed for feed in catalogue.feeds if feed.id == name)


def test_the_sources_in_use_cover_the_issuers() -> None:
    """OFAC's two lists, the Security Council's, the Union's and the United Kingdom's, one source each."""
    assert [feed.list for feed in SHIPPED.in_use] == ["US-SDN", "US-NONSDN", "UN-SC", "EU-FSF", "UK-SL"]


@pytest.mark.parametrize("feed", SHIPPED.feeds, ids=lambda feed: feed.id)
def test_every_source_is_https_and_cited(feed) -> None:
    """No address has been asked from here, and the file says so."""
    assert feed.issuer
    assert feed.citation
    assert feed.status in ("seen", "unverified")
    assert all(urlsplit(address.url).scheme == "https" for address in feed.files)
    assert feed.in_use or feed.note, "what is not in use says why"


def test_every_figure_has_its_reason() -> None:
    tree = read_yaml(rules_folder() / "lists.yaml")
    figures = [tree["limits"], *(source.get("limits", {}) for source in tree["sources"].values())]
    assert all(figure["reason"] for own in figures for figure in own.values())


def test_the_token_comes_from_the_variable_that_the_source_names() -> None:
    """It stands in the address alone: neither in what is shown nor in what is written."""
    without = _feed(SHIPPED, "EU-FSF")
    assert without.missing == "SCREENING_EU_TOKEN"
    feed = _feed(load(rules_folder(), None, {"SCREENING_EU_TOKEN": "ge/heim"}), "EU-FSF")
    assert feed.missing == ""
    assert feed.files[0].url.endswith("token=ge%2Fheim")
    assert "heim" not in f"{feed} {feed.record()}"
    assert feed.files[0].key != without.files[0].key


def test_a_settings_file_adds_and_overrides(tmp_path: Path) -> None:
    """One figure, one address, one source more; the rest stays as shipped."""
    catalogue = _with(
        tmp_path,
        """
        limits: {may_grow: 0.5, attempts: {value: "2", reason: "Ours."}}
        sources:
          US-SDN: {use: no}
          US-SDN-CSV: {use: yes, limits: {max_age_days: none}}
          KR:
            issuer: House
            list: KR
            format: house-csv
            files: {kr.csv: "https://lists.bank.example/kr.csv?key={token}"}
            token: KR_KEY
            redirect_hosts: [Files.Bank.example]
        """,
        KR_KEY="k",
    )
    assert [feed.id for feed in catalogue.in_use] == ["US-NONSDN", "US-SDN-CSV", "UN-SC", "EU-FSF", "UK-SL", "KR"]
    csv, house = _feed(catalogue, "US-SDN-CSV"), _feed(catalogue, "KR")
    assert (csv.limits.max_age_days, csv.limits.may_grow, csv.limits.attempts) == (inf, 0.5, 2)
    assert csv.limits.least_entries == _feed(SHIPPED, "US-SDN-CSV").limits.least_entries
    assert (house.files[0].url, house.redirect_hosts) == (
        "https://lists.bank.example/kr.csv?key=k",
        ("files.bank.example",),
    )
    assert house.status == "unverified"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a", "two parts"),
        ("colour: red", "two parts"),
        ("sources: {KR: none}", "maps names"),
        ("sources: {KR: {list: KR}}", "lacks 'issuer'"),
        ("sources: {US-CONS: {use: no}}", "no source of this name ships"),
        ("sources: {UN-SC: {adress: x}}", "unknown key 'adress'"),
        ("sources: {../UN: {list: UN}}", "letters, digits"),
        ("sources: {UN-SC: {format: pdf}}", "unknown format 'pdf'"),
        ("sources: {UN-SC: {use: maybe}}", "yes or no"),
        ("sources: {UN-SC: {issuer: [a]}}", "is a text"),
        ("sources: {UN-SC: {limits: 5}}", "maps names to figures"),
        ("sources: {UN-SC: {limits: {may_shrink: much}}}", "no number: 'much'"),
        ("sources: {UN-SC: {limits: {megabytes: inf}}}", "cannot be inf"),
        ("sources: {UN-SC: {limits: {attempts: 1.5}}}", "a whole number"),
        ("sources: {UN-SC: {limits: {deadline_seconds: 0}}}", "cannot be 0"),
        ("sources: {UN-SC: {limits: {megabytes: none}}}", "no number"),
        ("limits: {speed: 1}", "unknown limit 'speed'"),
        ("sources: {UN-SC: {files: x}}", "maps the name"),
        ("sources: {UN-SC: {files: {../a.xml: 'https://a'}}}", "no name for a list file"),
        ("sources: {UN-SC: {files: {a.exe: 'https://a'}}}", "no name for a list file"),
        ("sources: {UN-SC: {files: {a.xml: 'nowhere'}}}", "no usable address"),
        ("sources: {UN-SC: {files: {a.xml: 'https://['}}}", "no usable address"),
        ("sources: {UN-SC: {files: {a.xml: 'https://a/{token}'}}}", "names no environment variable"),
        ("sources: {UN-SC: {redirect_hosts: a}}", "a list of host names"),
        ("sources: {US-SDN-CSV: {use: yes}}", "both give the list US-SDN"),
        ("sources: {A: {", "no usable YAML"),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_one_sentence(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(RulePackError) as caught:
        _with(tmp_path, text)
    assert says in str(caught.value)
    assert "settings.yaml" in str(caught.value)


def test_names_choose_among_the_sources_in_use() -> None:
    assert [feed.id for feed in SHIPPED.named(["UK-SL", "UN-SC", "UK-SL"])] == ["UK-SL", "UN-SC"]
    assert SHIPPED.named([]) == SHIPPED.in_use
    with pytest.raises(UsageError, match="is no source"):
        SHIPPED.named(["UNO"])
    with pytest.raises(UsageError, match="not in use"):
        SHIPPED.named(["CH-SECO"])


def test_an_address_is_told_without_secrets() -> None:
    assert told("https://me:pw@lists.example:8443/a/b.xml?token=x#y") == "https://lists.example:8443/a/b.xml"
