"""The index on disk: what is loaded is what was saved, or nothing."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

from screening.matching import store
from screening.matching.settings import Settings


@pytest.fixture(scope="module")
def rules() -> Settings:
    return Settings.load()


def opened(cache, rules):
    entries = pd.DataFrame({"kind": ["organisation", "vessel"]})
    listed = pd.DataFrame({"entry": [0, 1], "text": ["Korvex Marine Shipping", "Chon Ma San 5"]})
    return store.opened(entries, listed, "a digest", rules, cache)


def test_an_index_that_was_saved_is_the_one_that_is_loaded(tmp_path, rules):
    built = opened(tmp_path, rules)
    loaded = store.load(store.folder_of(tmp_path, "a digest", rules.digest))
    assert loaded is not None
    assert list(loaded.side.table.vocabulary.words) == list(built.side.table.vocabulary.words)
    assert np.array_equal(loaded.finder.spellings.bucket, built.finder.spellings.bucket)


@pytest.mark.parametrize("damage", ["a byte", "cut short", "a file gone", "a file more", "no sums"])
def test_an_index_that_is_damaged_is_built_anew(damage, tmp_path, rules):
    opened(tmp_path, rules)
    folder = store.folder_of(tmp_path, "a digest", rules.digest)
    weights = folder / "index.side.weight.npy"
    whole = weights.read_bytes()
    match damage:
        case "a byte":
            weights.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
        case "cut short":
            weights.write_bytes(whole[:-8])
        case "a file gone":
            weights.unlink()
        case "a file more":
            shutil.copy(weights, folder / "more.npy")
        case "no sums":
            (folder / "sums.json").unlink()
    assert store.load(folder) is None and not folder.exists()
    opened(tmp_path, rules)
    assert weights.read_bytes() == whole
