"""The section on short texts: its charts and sentences, damage to it, and the pairs that are read when it is opened."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.session import resources
from models.compare import challenges
from models.sentiment import SentimentModel
from tests.judged import CHALLENGES, OLDER, figures_of, write
from tests.screen import chart, has, html_of, listed, named, opened

SINGLES, PAIRS = "Accuracy by kind of text", "Share of contrast pairs"
TRIO = ("simple_rnn", "lstm", "gru")


@pytest.fixture
def readable(tiny_shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Networks that can read, with made-up figures."""
    for name in TRIO:
        shutil.copytree(tiny_shelf / name, tmp_path / "shelf" / name)
        write(tmp_path / "shelf", name, figures_of(name))
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path / "shelf"))
    return tmp_path / "shelf"


def page_text(at: AppTest) -> str:
    """Everything the page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", html_of(at))) + " ".join(caption.value for caption in at.caption)


def put(shelf: Path, name: str, found: Any) -> None:
    write(shelf, name, {**figures_of(name), "challenges": found})


def test_the_charts_show_the_saved_figures(own_figures: Path) -> None:
    at = opened("evaluation")
    figure = chart(at, SINGLES)
    ticks = dict(zip(listed(figure["layout"]["yaxis"]["tickvals"]), figure["layout"]["yaxis"]["ticktext"], strict=True))
    gru = named(figure, "GRU")
    shown = {ticks[round(y - 0.19, 4)]: x for x, y in zip(listed(gru["x"]), listed(gru["y"]), strict=True)}
    assert shown == pytest.approx(
        {
            "whole review": 90, "first 20 words": 70, "first sentence": 72, "short sentences": 95, "sarcasm": 20,
            "short opinions": 71.25,
            "critics' one-liners": 55, "other subjects": 80, "sides of short pairs": 62.5,
            "unedited reviews": 91.667, "edited reviews": 25,
        }
    )  # fmt: skip
    assert listed(named(figure, "tossing a coin")["x"]) == [50, 50]
    pairs = named(chart(at, PAIRS), "LSTM")
    assert listed(pairs["x"]) == pytest.approx([50, 0, 90, 50, 25, 37.5, 12.5, 22.222, 30.303])
    assert listed(pairs["customdata"]) == [10, 8, 10, 8, 8, 8, 8, 72, 132]
    low, high = (listed(pairs["error_x"][side])[1] for side in ("arrayminus", "array"))
    assert low == 0 and high == pytest.approx(32.44, abs=0.01)
    assert listed(named(chart(at, PAIRS), "tossing a coin for each side")["x"]) == [25, 25]


def test_the_sentences_read_the_figures(own_figures: Path) -> None:
    worse = {**CHALLENGES, "pairs": [{**row, "both_right": 0.25} for row in CHALLENGES["pairs"]]}
    put(own_figures, "simple_rnn", worse)
    text = page_text(opened("evaluation"))
    assert "GRU is right on 90 % of whole validation reviews, but on 72 % of their first sentences." in text
    assert (
        "short sentences 95 %, short opinions 71 %, sides of short pairs 62 %, other subjects 80 %, sarcasm 20 %, "
        in text
    )
    assert "critics' one-liners 55 %, unedited reviews 92 %, edited reviews 25 %" in text
    assert "It is worse than a coin at sarcasm (it takes the words as they stand) and edited reviews." in text
    assert "LSTM has both sides right in 40 of 132 pairs, which chance could give (GRU 40, SimpleRNN 33)" in text
    assert "Easiest for LSTM: adjectives (9 of 10); hardest: two negations (0 of 8)." in text
    assert "moves by 0.20 (SimpleRNN), 0.20 (LSTM), 0.20 (GRU); at most by 0.50 (SimpleRNN). Of 18 sentences" in text
    assert "tuned, so many are judged rightly: 87 (SimpleRNN), 87 (LSTM), 87 (GRU). Hardest for all together: " in text
    assert "present tense, 38 %." in text
    assert "cut from 2,500 validation reviews" in text and "No pieces for" not in text
    put(own_figures, "gru", worse)
    at = opened("evaluation", judged="gru")
    assert "GRU has both sides right in 33 of 132 pairs, which chance could give." in page_text(at)


def test_figures_that_are_older_than_the_newest_texts(own_figures: Path) -> None:
    put(own_figures, "gru", OLDER)
    at = opened("evaluation")
    assert "GRU has both sides right in 24 of 60 pairs, more than chance gives (SimpleRNN 40 of 132," in page_text(at)
    assert len(listed(named(chart(at, PAIRS), "GRU")["x"])) == 8
    assert "edited reviews" in chart(at, PAIRS)["layout"]["yaxis"]["ticktext"]
    at.pills(key="judged").set_value(["gru"]).run()
    assert not at.exception
    for figure in (chart(at, SINGLES), chart(at, PAIRS)):
        assert not {"edited reviews", "critics' one-liners", "short opinions"} & set(
            figure["layout"]["yaxis"]["ticktext"]
        )


def test_a_network_that_has_met_those_reviews(own_figures: Path) -> None:
    put(own_figures, "gru", {part: rows for part, rows in CHALLENGES.items() if part != "cuts"})
    at = opened("evaluation")
    assert len(listed(named(chart(at, SINGLES), "GRU")["x"])) == 8
    assert "No pieces for GRU: trained with another cut, it has met those reviews." in page_text(at)
    at.pills(key="judged").set_value(["gru"]).run()
    assert not at.exception and "cut from" not in page_text(at)
    assert "whole review" not in chart(at, SINGLES)["layout"]["yaxis"]["ticktext"]


@pytest.mark.parametrize("part", [[], {"pairs": "x"}, {**CHALLENGES, "singles": [{"kind": "<img src=x>"}]}], ids=str)
def test_a_damaged_part_takes_only_its_own_panels(own_figures: Path, part: Any) -> None:
    put(own_figures, "gru", part)
    at = opened("evaluation")
    assert (
        "GRU is not here: this part of its file of figures is damaged. It is measured by: .venv/bin/python -m"
        in page_text(at)
    )
    assert "<img" not in html_of(at)
    assert {trace.get("name") for trace in chart(at, SINGLES)["data"]} == {"tossing a coin", "SimpleRNN", "LSTM"}
    assert named(chart(at, "ROC curves"), "GRU")
    at.pills(key="judged").set_value(["gru"]).run()
    assert not at.exception and not has(at, SINGLES) and not has(at, PAIRS) and has(at, "ROC curves")


def test_nothing_is_read_before_it_is_asked_for(readable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("evaluation")
    asked: list[str] = []
    load = resources.model
    monkeypatch.setattr(resources, "model", lambda name: asked.append(name) or load(name))
    at.run()
    assert not asked
    at.session_state["read-pairs"] = True
    at.run()
    assert asked == list(TRIO)


def read_pairs(kind: str | None = None) -> AppTest:
    at = opened("evaluation")
    at.session_state["read-pairs"] = True
    if kind:
        at.session_state["pair_kind"] = kind
    at.run()
    assert not at.exception
    return at


def table_of(at: AppTest) -> str:
    return next((e.proto.body for e in at.get("html") if 'class="contrast"' in e.proto.body), "")


def test_the_pairs_are_read_live(readable: Path) -> None:
    models = [resources.model(name) for name in TRIO]
    at = read_pairs()
    assert at.pills(key="pair_kind").value == "negation"
    for kind in challenges.PAIRS.keys() - {challenges.REVIEWS}:
        at.session_state["read-pairs"] = True
        at.pills(key="pair_kind").set_value(kind).run()
        assert not at.exception
        cells = [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
            for row in table_of(at).split('<tr class="side-')[1:]
        ]
        texts = [
            text for pair in challenges.pairs() if pair.kind == kind
            for text in ((pair.original, pair.positive), (pair.edited, not pair.positive))
        ]  # fmt: skip
        assert [row[0].replace("+", "") for row in cells] == [text for text, _ in texts]
        for (_, means, *scores), (text, meant) in zip(cells, texts, strict=True):
            assert means == ("positive" if meant else "negative")
            p = [float(model.predict([text])[0]) for model in models]
            assert scores == [f"{value:.2f} {'✓' if (value > 0.5) == meant else '✗'}" for value in p]


def test_whole_reviews_are_read_a_few_at_a_time(readable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [pair for pair in challenges.pairs() if pair.kind == challenges.REVIEWS]
    asked: list[str] = []
    predict = SentimentModel.predict

    def counting(model: SentimentModel, texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return predict(model, texts)

    monkeypatch.setattr(SentimentModel, "predict", counting)
    at = read_pairs(challenges.REVIEWS)
    assert at.pagination(key="pair_page").num_pages == 12
    for page in (1, 12, 2):
        asked.clear()
        at.session_state["read-pairs"] = True
        at.pagination(key="pair_page").set_value(page).run()
        assert not at.exception
        shown = pairs[6 * page - 6 : 6 * page]
        texts = [
            (text, meant)
            for pair in shown
            for text, meant in ((pair.original, pair.positive), (pair.edited, not pair.positive))
        ]
        assert asked == [text for text, _ in texts] * len(TRIO)
        body = next(e.proto.body for e in at.get("html") if 'class="contrast reviews"' in e.proto.body)
        cells = body.split('<section class="side-')[1:]
        assert len(cells) == len(texts)
        for i, (cell, (text, meant)) in enumerate(zip(cells, texts, strict=True)):
            heading, words, scores = (
                html.unescape(re.sub(r"<[^>]+>", "", found[0]))
                for found in (re.findall(rf"<{tag}[ >].*?</{tag}>", cell) for tag in ("h4", "p", "ul"))
            )
            side = "edited" if i % 2 else "original"
            assert heading == f"{6 * page - 5 + i // 2} · {side}, means {'positive' if meant else 'negative'}"
            assert words.removeprefix('class="text">').replace("+", "") == text
            for name in TRIO:
                model = resources.model(name)
                p = float(predict(model, [text])[0])
                assert f"{model.card.title} {p:.2f} {'✓' if (p > 0.5) == meant else '✗'}" in scores
        assert f"Pairs {6 * page - 5} to {6 * page} of 72." in page_text(at)
    at.session_state["read-pairs"] = True
    at.selectbox(key="pair-review-6").set_value(3).run()
    at.session_state["read-pairs"] = True
    at.button(key="open-pair").click().run()
    assert at.title[0].value == "Compare"
    assert at.text_area(key="review").value == pairs[9].original
    assert at.text_area(key="edited").value == pairs[9].edited


def test_a_pair_is_opened_in_what_if(readable: Path) -> None:
    at = read_pairs()
    # The second time, the widgets of Compare have held something else before.
    for kind, place in (("quantity", 2), ("negation", 0)):
        pair = [pair for pair in challenges.pairs() if pair.kind == kind][place]
        at.session_state["read-pairs"] = True
        at.pills(key="pair_kind").set_value(kind).run()
        at.session_state["read-pairs"] = True
        at.selectbox(key=f"pair-{kind}-0").set_value(place).run()
        at.session_state["read-pairs"] = True
        at.button(key="open-pair").click().run()
        assert not at.exception
        assert at.title[0].value == "Compare"
        assert at.text_area(key="review").value == pair.original
        assert at.text_area(key="edited").value == pair.edited
        assert at.segmented_control(key="section").value == "what-if"
        assert at.pills(key="compare_models").value == list(TRIO)
        assert at.pills(key="example").value is None
        at.session_state["read-pairs"] = True
        at.switch_page("pages/evaluation.py").run()
        assert not at.exception


def test_a_network_that_cannot_read_is_left_out(readable: Path) -> None:
    (readable / "lstm" / "model.keras").write_bytes(b"")
    at = read_pairs()
    assert any("model.keras" in warning.value for warning in at.warning)
    assert "GRU" in table_of(at) and "LSTM" not in table_of(at)
    for name in TRIO:
        (readable / name / "model.keras").write_bytes(b"")
    assert not table_of(read_pairs())
