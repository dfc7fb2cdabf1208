"""What an edit did, in words, in a table and on the charts: the right side, sign and colour of every number."""

from __future__ import annotations

import numpy as np
import pytest

from components.compare import edit_results
from components.compare.charts import edits as edit_charts
from components.compare.charts import models as charts
from components.ui.theme import DARK, LIGHT
from models.card import TRIO
from models.catalog import load_model
from models.compare import edits
from models.compare.readers import Reader, common_words
from tests.screen import numbers

BAD, GOOD = "A dull and boring film, a waste of time.", "A wonderful and moving film, a joy of time."


def readers(text: str) -> list[Reader]:
    return [Reader((model := load_model(name)).card, model.trace(text)) for name in TRIO]


@pytest.fixture(scope="module")
def bad() -> list[Reader]:
    return readers(BAD)


@pytest.fixture(scope="module")
def good() -> list[Reader]:
    return readers(GOOD)


def test_the_sentence_says_which_way_it_went(bad: list[Reader], good: list[Reader]) -> None:
    for before, after, verb in ((bad, good, "rises"), (good, bad, "falls")):
        sentence = edit_results.change_sentence([*zip(before, after, strict=True)])
        for old, new in zip(before, after, strict=True):
            p, q = old.trace.probability, new.trace.probability
            assert f"{old.card.title} {verb} from {p:.2f} to {q:.2f}: now " in sentence
    same = edit_results.change_sentence([(reader, reader) for reader in good])
    assert "stays at" in same and ": now" not in same


def test_the_table_has_before_after_and_the_change(
    bad: list[Reader], good: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(edit_results, "html_table", lambda headings, rows, *_, **__: shown.extend(rows))
    edit_results.changes_table([*zip(bad, good, strict=True)])
    for row, old, new in zip(shown, bad, good, strict=True):
        p, q = old.trace.probability, new.trace.probability
        assert row.index(f" {p:.3f}<") < row.index(f" {q:.3f}<") < row.index(f">+{q - p:.3f}<")
        assert "turns from negative to positive" in row
    shown.clear()
    edit_results.changes_table([*zip(good, bad, strict=True)])
    assert all(">−0." in row and "turns from positive to negative" in row for row in shown)


def test_a_row_is_titled_with_the_way_it_went(bad: list[Reader], good: list[Reader]) -> None:
    pairs = edits.aligned(bad[0].trace.tokens, good[0].trace.tokens)
    figure = edit_charts.overlay(pairs, [*zip(bad, good, strict=True)], LIGHT).to_dict()
    titles = [annotation["text"] for annotation in figure["layout"]["annotations"]]
    for title, old, new in zip(titles, bad, good, strict=True):
        assert title.endswith(f"  {old.trace.probability:.2f} → {new.trace.probability:.2f}")


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_credits_have_the_colour_of_their_side(bad: list[Reader], good: list[Reader], colours) -> None:
    drawn: set[str] = set()
    for some in (bad, good):
        words = common_words(some)
        for trace, reader in zip(charts.credits(some, words, colours).to_dict()["data"], some, strict=True):
            heights = numbers(trace["y"])
            np.testing.assert_allclose(heights, reader.trace.contributions, atol=6e-4)
            expected = [colours.positive if y > 0 else colours.negative for y in heights]
            assert trace["marker"]["color"] == expected
            drawn.update(expected)
    assert drawn == {colours.positive, colours.negative}
