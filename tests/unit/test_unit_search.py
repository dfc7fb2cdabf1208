"""Where the same units are high together, held against a search by hand, word by word."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from models.catalog import load_model
from models.compare.own_texts import own_texts
from models.explain.search import Corpus, Place, best_threshold, high_units, places, read_corpus, stepped


def by_hand(corpus: Corpus, units: list[int], threshold: float, least: int) -> set[tuple[int, int, int, int]]:
    """Every (text, start, stop, units high throughout), found by looking at every word of every text."""
    found = set()
    for text in range(len(corpus.texts)):
        rows = corpus.states[corpus.starts[text] : corpus.starts[text + 1]].astype(int)
        enough = [sum(row[unit] >= round(threshold * 127) for unit in units) >= least for row in rows]
        for start, stop in itertools.combinations(range(len(rows) + 1), 2):
            left = start > 0 and enough[start - 1]
            right = stop < len(rows) and enough[stop]
            if all(enough[start:stop]) and not left and not right:
                through = sum(all(row[unit] >= round(threshold * 127) for row in rows[start:stop]) for unit in units)
                found.add((text, start, stop, through))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_places_are_those_of_a_search_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 12, 9)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    states = stepped(np.tanh(rng.normal(0, 1.2, (starts[-1], 7))))
    corpus = Corpus(tuple(map(str, range(9))), starts, np.zeros((starts[-1], 2), int), states)
    units = rng.choice(7, rng.integers(1, 6), replace=False).tolist()
    threshold, least = round(float(rng.uniform(0.1, 0.6)), 1), int(rng.integers(1, len(units) + 1))
    found = places(corpus, units, threshold, least, length=2)
    assert {(place.text, place.start, place.stop, place.units) for place in found} == by_hand(
        corpus, units, threshold, least
    )
    ranks = [(-place.units, abs(place.stop - place.start - 2)) for place in found]
    assert ranks == sorted(ranks)


def test_a_place_never_runs_from_one_text_into_the_next() -> None:
    states = stepped(np.full((4, 1), 0.9))
    corpus = Corpus(("a", "b"), np.array([0, 2, 4]), np.zeros((4, 2), int), states)
    assert places(corpus, [0], 0.5, 1, 2) == [Place(0, 0, 2, 1), Place(1, 0, 2, 1)]


def test_units_are_high_over_all_of_the_span_and_low_beside_it() -> None:
    rows = np.array([[0.1, 0.1, 0.9, 0.5], [0.6, 0.6, 0.9, 0.5], [0.7, 0.2, 0.9, 0.49], [0.2, 0.1, 0.9, 0.1]])
    states = stepped(rows)
    assert high_units(states, 1, 3, 0.5).tolist() == [0]
    assert high_units(states, 1, 2, 0.5).tolist() == [1]
    assert high_units(states, 0, 4, 0.5).tolist() == [2]
    assert best_threshold(states, 1, 3, wanted=1) == 0.6
    with pytest.raises(ValueError, match="no word"):
        high_units(states, 2, 2, 0.5)


def test_a_corpus_holds_the_states_and_the_places_of_its_words() -> None:
    model = load_model("gru")
    texts = ["A film, and what a film!", "", "Dull & dreary."]
    corpus = read_corpus(model, texts, 0)
    assert corpus.texts == (texts[0], texts[2])
    trace = model.trace(texts[2])
    np.testing.assert_allclose(
        corpus.states[corpus.starts[1] :] / 127, trace.layers[0].hidden_states, atol=0.5 / 127 + 1e-6
    )
    words = [corpus.texts[1][start:end] for start, end in corpus.spans[corpus.starts[1] :]]
    assert words == [texts[2][token.start : token.end] for token in trace.tokens]


def test_there_are_hundreds_of_our_own_texts() -> None:
    assert len(own_texts()) > 400
