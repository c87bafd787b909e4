"""What a trade record means: places and countries, goods, quantities, identifiers, as columns of facts."""

from screening.enrich.enricher import FACTS, Enricher

__all__ = ["FACTS", "Enricher"]
