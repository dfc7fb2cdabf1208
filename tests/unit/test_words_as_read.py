"""The words of a review as they are shown: escaped wherever they stand, marked by their side, counted from 1."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from components.lessons.charts import versions
from components.session import links
from components.ui import word_axis, words
from components.ui.theme import LIGHT
from models.catalog import load_model

REVIEW = "good <b>film</b> & bad <i>end</i>"


def test_words_up_are_solid_and_words_down_are_dashed() -> None:
    trace = replace(load_model("lstm").trace("good film bad"), contributions=np.array([1.0, 0.0, -1.0]))
    shown = words.review_html("good film bad", trace, LIGHT)
    found = re.findall(r'<span(?: class="([^"]*)")?[^>]*title="([^"]*)">(\w+)</span>', shown)
    marks = {word: (set(classes.split()), title) for classes, title, word in found}
    assert "up" in marks["good"][0] and "down" not in marks["good"][0] and marks["good"][1] == "+1.00"
    assert "down" in marks["bad"][0] and "up" not in marks["bad"][0] and marks["bad"][1] == "−1.00"
    assert not {"up", "down"} & marks["film"][0]


def test_what_stands_between_words_is_escaped() -> None:
    trace = load_model("lstm").trace(REVIEW)
    shown = words.review_html(REVIEW, trace, LIGHT)
    assert "&lt;b&gt;" in shown and " &amp; " in shown and shown.endswith("&lt;/i&gt;")
    assert set(re.findall(r"<(\w+)", shown)) <= {"span", "sup"}


@pytest.mark.parametrize("count", [1, 3, 400, 401, 1_500])
def test_words_on_the_axis_are_counted_from_one(count: int) -> None:
    places = word_axis.numbers(count)
    assert places[0] == 1 and len(places) == min(count, word_axis.MOST_COLUMNS)
    assert (places - 1).tolist() == word_axis.columns(count).tolist()
    assert count > word_axis.MOST_COLUMNS or places[-1] == count


def test_the_axis_names_every_word_at_its_place() -> None:
    tokens = load_model("lstm").trace(REVIEW).tokens
    axis = word_axis.word_axis(tokens)
    assert axis["labelalias"] == {str(n): word_axis.shown(token.text) for n, token in enumerate(tokens, 1)}
    assert word_axis.hover_words(tokens)[0] == "word 1: good"


def test_titles_and_labels_of_a_lessons_chart_are_escaped() -> None:
    hostile = '<a href="http://a.example">x</a>'
    figure = versions([hostile, "as it is"], {hostile: np.array([0.2, 0.9])}, {hostile: "LSTM"}, LIGHT).to_dict()
    assert "<a" not in str(figure)
    assert figure["data"][0]["name"].startswith("&lt;a ")


def test_a_link_that_carries_too_much_is_refused_before_it_is_unpacked() -> None:
    text = "".join(chr(33 + n) for n in np.random.default_rng(0).integers(0, 90, 9_000))
    value = links.encode(text)
    assert links.MOST_URL < len(value) < 10 * links.MOST_URL
    with pytest.raises(links.BadText):
        links.decode(value)
    assert links.decode(links.encode(text[:3_000])) == text[:3_000]
