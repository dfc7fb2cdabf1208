"""The saved reading holds this reading's numbers, stays small, asks for nothing, and renders no text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest

from components.read.charts import MOST_UNITS
from components.session.svg_export import _LEVELS, saved_reading
from components.ui.format import signed
from components.ui.theme import LIGHT, state_colour
from models.catalog import list_models, load_model
from models.examples import EXAMPLES

WHEN = datetime(2026, 3, 4, 15, 16, tzinfo=UTC)
HOSTILE = (
    "</title></style><script>alert(1)</script> good <img src=x onerror=alert(2)> <svg/onload=alert(3)> "
    "film\0 & \"quoted\" 'so' <a href='javascript:alert(4)'>here</a> <b>bold</b> awful"
)
CARDS = list_models()


def saved(name: str, review: str, evidence: str = "Evidence.") -> str:
    model = load_model(name)
    return saved_reading(review, model.trace(review), model.card, evidence, WHEN)


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.text.append(data)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
@pytest.mark.parametrize("example", EXAMPLES[:3], ids=lambda example: example.name)
def test_it_holds_the_numbers_of_the_reading(card, example) -> None:
    page, trace = saved(card.name, example.text), load_model(card.name).trace(example.text)
    reader = Reader(page)
    text = "".join(reader.text)
    assert f"{trace.probability:.3f}" in text and "Evidence." in text and "04 March 2026, 15:16 UTC" in text
    assert f"{card.parameters:,} parameters" in text and signed(trace.logit, 4) in text
    for place, contribution in enumerate(trace.contributions):
        row = f'<td class="n">{place + 1}<td>{trace.tokens[place].text.replace(chr(39), "&#x27;")}<td>'
        assert row in page and f'<td class="n">{signed(contribution, 4)}' in page
    if trace.running_probabilities is None:
        assert "polyline" not in page
    else:
        points = re.search(r'<polyline points="([^"]+)"', page)
        assert points is not None
        ys = np.array([float(pair.split(",")[1]) for pair in points[1].split()])
        np.testing.assert_allclose(1 - (ys - 10) / 150, trace.running_probabilities, atol=4e-4)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_every_state_is_drawn_once_in_its_colour(card) -> None:
    review = EXAMPLES[0].text
    trace = load_model(card.name).trace(review)
    groups = re.findall(r'shape-rendering="crispEdges">(.*?)</g>', saved(card.name, review))
    top = trace.layers[-2:] if trace.running_logits is None else trace.layers[-1:]
    assert len(groups) == len(top)
    for group, layer, weights in zip(groups, top, np.split(trace.readout, len(top)), strict=True):
        columns, units = layer.hidden_states.shape
        chosen = np.arange(units)
        if units > MOST_UNITS:  # the heaviest ones of both sides
            chosen = np.argsort(weights)[np.r_[: MOST_UNITS // 2, -MOST_UNITS // 2 : 0]]
            units = MOST_UNITS
        drawn = np.full((units, columns), "", dtype=object)
        for colour, path in re.findall(r'<path stroke="(#\w{6})" d="([^"]+)"', group):
            for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)", path):
                assert (drawn[int(y), int(x) : int(x) + int(run)] == "").all()
                drawn[int(y), int(x) : int(x) + int(run)] = colour
        assert (drawn != "").all()
        expected = {
            tuple(state_colour(round(float(v) * _LEVELS) / _LEVELS, LIGHT) for v in layer.hidden_states[:, unit])
            for unit in chosen
        }
        assert set(map(tuple, drawn)) == expected


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_two_hundred_words_stay_under_half_a_megabyte(card) -> None:
    review = " ".join((" ".join(example.text for example in EXAMPLES)).split()[:205])
    assert len(load_model(card.name).trace(review).tokens) >= min(200, card.max_timesteps)
    assert len(saved(card.name, review).encode()) < 500_000


@pytest.mark.parametrize(
    "review",
    ["good", "这部电影很好看", "q" * 5_000, "great " * 1_600, "great " * 100_000, HOSTILE],
    ids=lambda r: r[:8],
)
def test_odd_reviews_are_saved(review: str) -> None:
    page = saved("lstm", review)
    assert page.endswith("</html>\n") and "\0" not in page and "NaN" not in page
    assert len(page.encode()) < 2_000_000


def test_text_stays_text_and_nothing_is_asked_for() -> None:
    reader = Reader(saved("lstm", HOSTILE, evidence="<script>alert(5)</script>"))
    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"script", "img", "a", "b" + "ase", "iframe", "link", "object", "form"}
    for tag, attributes in reader.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")], (tag, attributes)
    policy = [attributes["content"] for _, attributes in reader.tags if "http-equiv" in attributes]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    text = "".join(reader.text)
    assert "<script>alert(1)</script>" not in text.partition("<body>")[0].partition("</style>")[0]
    assert "onerror" in text and "<script>alert(5)</script>" in text
    assert "url(" not in "".join(reader.text) and "@import" not in "".join(reader.text)
