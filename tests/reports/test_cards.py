"""Alerts gathered on cards, gravest first."""

from __future__ import annotations

from dataclasses import replace

from screening.model import Decision, Results, Severity
from screening.reports import cards


def test_alerts_of_one_record_stand_on_one_card_and_linked_records_on_their_own(results: Results) -> None:
    """Possible violations first, then review; a group's card names the cards of its records."""
    found = cards.deck(results).cards
    ids = [[key.record_id for key in card.keys] for card in found]
    assert ids == [["T-001"], ["T-002"], ["T-001", "T-002"], ["T-004"]]
    assert [shown.alert.rule_id for shown in found[0].alerts] == ["UN-VESSEL-PORTBAN", "UN-OIL-REFINED-NONOTIFY"]
    assert found[2].see_also == (1, 2)


def test_the_order_of_alerts_does_not_change_the_cards(results: Results) -> None:
    """Cards of equal gravity apart, the deck is the same from either end."""
    there = cards.deck(results).cards
    back = cards.deck(replace(results, alerts=results.alerts[::-1])).cards
    assert [card.keys for card in there] == [card.keys for card in back]


def test_a_lifted_alert_stays_on_its_card_and_does_not_weigh(results: Results) -> None:
    """T-004 has one alert that stands, of low severity, and one that was lifted."""
    grave = replace(results.alerts[5], severity=Severity.CRITICAL, decision=Decision.POSSIBLE_VIOLATION)
    card = cards.deck(replace(results, alerts=(*results.alerts[:5], grave))).cards[3]
    assert (card.decision, card.severity, card.lifted) == (Decision.REVIEW, Severity.LOW, False)
    assert [bool(shown.alert.lifted_by) for shown in card.alerts] == [False, True]


def test_a_card_of_lifted_alerts_only_comes_last(results: Results) -> None:
    """However grave the alert was before it was lifted."""
    lifted = replace(results.alerts[1], lifted_by="EX-X", records=results.alerts[3].records)
    deck = cards.deck(replace(results, alerts=(lifted, results.alerts[2])))
    assert [card.lifted for card in deck.cards] == [False, True]


def test_cells_that_could_not_be_read_are_marked_where_they_stand(results: Results) -> None:
    """The quantity of T-004 says why."""
    record = cards.deck(results).cards[3].records[0]
    assert next(field.mark for field in record.fields if field.name == "quantity").startswith("is no number")
    assert record.cell("committee_notice") == ""


def test_a_doubt_is_not_told_twice(results: Results) -> None:
    """The sentence of an alert may end with its doubt; the card has a line for it."""
    told = replace(results.alerts[2], reason="It may be listed. To be reviewed: not sure.", doubt="not sure")
    shown = cards.deck(replace(results, alerts=(told,))).cards[0].alerts[0]
    assert shown.reason == "It may be listed."
