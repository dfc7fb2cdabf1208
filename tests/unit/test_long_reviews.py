"""Long reviews: sentences that open, and a scale of shares that stays what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from components.inside.contributions import about, table
from components.ui.theme import LIGHT
from components.ui.words import FULL_SHARE, beyond, stretch_html
from models.catalog import load_model
from models.examples import BY_NAME
from models.explain.sentences import sentences, totals


def spoken(text: str) -> list[str]:
    tokens = load_model("lstm").vocabulary.tokenize(text)
    return [" ".join(token.text for token in tokens[start:stop]) for start, stop in sentences(text, tokens)]


def test_a_sentence_ends_where_a_reader_stops() -> None:
    text = "It cost 3.5 million… “Why?” he asked. Bad!\nOne line<br />another: no end, none"
    assert spoken(text) == ["It cost 3.5 million", "Why ?", "he asked", "Bad !", "One line", "another no end none"]
    assert spoken("No stop at all") == ["No stop at all"]
    assert spoken("Dull. Dreary.") == ["Dull", "Dreary"]


def test_the_sentences_hold_every_word_once_and_their_totals_make_the_logit() -> None:
    model = load_model("gru")
    text = BY_NAME["long"].text
    trace = model.trace(text)
    found = sentences(text, trace.tokens)
    assert [place for start, stop in found for place in range(start, stop)] == list(range(len(trace.tokens)))
    sums = totals(trace.contributions, found)
    assert abs(sums.sum() + trace.bias - trace.logit) < 1e-4
    most = int(np.abs(sums).argmax())
    assert f"number {most + 1} (words {found[most][0] + 1:,} to {found[most][1]:,}) did most" in about(
        trace, found, sums
    )
    rows = table(trace, text, found, sums)
    assert list(rows["contribution"]) == list(sums)
    assert rows["text"].iloc[0] == text[: len(rows["text"].iloc[0])]


def test_what_goes_beyond_the_scale_is_said_and_only_that() -> None:
    trace = load_model("lstm").trace("A waste, boring and bad.")
    quiet = replace(trace, contributions=np.full(len(trace.tokens), 0.4, np.float32))
    assert beyond(quiet) == ""
    one = np.array(quiet.contributions)
    one[1] = -(FULL_SHARE + 0.6)
    assert beyond(replace(quiet, contributions=one)) == "“waste” goes beyond the scale, with −2.6"
    one[4] = 3.1
    assert beyond(replace(quiet, contributions=one)).startswith("2 words go beyond the scale, “bad” farthest")


def test_the_words_of_an_opened_sentence_are_escaped() -> None:
    text = "Fine. A <img src=x> film & more."
    trace = load_model("lstm").trace(text)
    start, stop = sentences(text, trace.tokens)[-1]
    shown = stretch_html(text, trace, LIGHT, start, stop)
    assert "<img" not in shown
    assert "&lt;" in shown
    assert "Fine" not in shown
