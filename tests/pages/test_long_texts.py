"""However much somebody types or pastes: the box keeps it, a bounded part is read, and the page says which."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.session import handover, typed
from models import text as tokens
from models.scoring.scoring import score
from models.sentiment import SentimentModel
from tests.screen import html_of, opened

ROOT = Path(__file__).resolve().parents[2]
LONG = "a good film and a bad one " * 8_000  # 208,000 characters
ENORMOUS = "dull " * 240_000  # 1.2 million


@pytest.fixture(autouse=True)
def longest(tiny_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long the texts were that anything looked for words in."""
    monkeypatch.setenv("UNROLLED_SHELF", str(tiny_shelf))
    seen: list[int] = []
    find, find_all, tokenize = tokens.spans, tokens.keys_of, tokens.Vocabulary.tokenize

    def spans(review):
        seen.append(len(review))
        return find(review)

    def keys_of(reviews):
        reviews = list(reviews)
        seen.extend(map(len, reviews))
        return find_all(reviews)

    def tokenized(self, review):
        seen.append(len(review))
        return tokenize(self, review)

    monkeypatch.setattr(tokens, "spans", spans)
    for module in ("models.text", "models.sentiment", "models.scoring.scoring"):
        monkeypatch.setattr(f"{module}.keys_of", keys_of)
    monkeypatch.setattr(tokens.Vocabulary, "tokenize", tokenized)
    return seen


def says_so(at: AppTest) -> bool:
    greyed = 'title="not read"' in html_of(at)
    return greyed and any("characters are read" in info.value for info in at.info)


@pytest.mark.parametrize("page", ["read", "inside", "compare"])
def test_of_a_long_review_the_beginning_is_read_and_the_box_keeps_all(page: str, longest: list[int]) -> None:
    at = opened(page)
    longest.clear()
    at.text_area(key="review").set_value(LONG).run()
    assert not at.exception
    assert 0 < max(longest) <= 100_000
    assert at.text_area(key="review").value == LONG
    assert says_so(at)


def test_a_box_takes_a_million_characters_and_no_more(longest: list[int]) -> None:
    at = opened("read")
    at.text_area(key="review").set_value(ENORMOUS).run()
    assert not at.exception
    assert len(at.text_area(key="review").value) == 1_000_000
    assert max(longest) <= 100_000


def test_the_edited_review_is_bounded_too(longest: list[int]) -> None:
    at = opened("compare", section=handover.WHAT_IF)
    longest.clear()
    at.text_area(key="edited").set_value(LONG).run()
    assert not at.exception
    assert 0 < max(longest) <= 100_000
    assert at.text_area(key="edited").value == LONG
    assert says_so(at)


def test_a_lessons_sentence_is_bounded_too(longest: list[int]) -> None:
    at = opened("lessons", lesson="words")
    box = next(area for area in at.text_area if area.label == "The sentence")
    longest.clear()
    box.set_value(LONG).run()
    assert not at.exception
    assert max(longest, default=0) <= 100_000
    assert [info.proto.title for info in at.info] == ["Too long for a lesson"]
    assert box.value == LONG


def test_pasted_lines_are_bounded() -> None:
    at = opened("batch")
    at.segmented_control(key="batch_source").set_value("paste").run()
    at.text_area(key="batch_lines").set_value(ENORMOUS).run()
    assert len(at.text_area(key="batch_lines").value) == 1_000_000


def test_the_note_of_a_long_cell_says_how_much_was_read() -> None:
    scores = score([_model("gru")], ["good film " * 20, "good film"], most_characters=50)
    assert scores.notes == ["only the first 50 of 200 characters were read", ""]
    assert scores.probabilities["gru"][0] == pytest.approx(_model("gru").predict(["good film " * 5])[0], abs=1e-6)


def test_the_cut_falls_between_two_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_TEXT_READ", "120")
    text = "wonderful " * 20
    assert typed.read_of(text) == "wonderful " * 12
    assert typed.read_of("x" * 200) == "x" * 120
    assert typed.read_of(None) == ""
    assert typed.read_of("short") == "short"


def test_what_can_be_undone_is_bounded() -> None:
    steps: list[tuple[str, str]] = []
    for number in range(40):
        steps = handover.with_step(steps, "a" * 100_000, str(number))
    assert [note for _, note in steps] == [str(number) for number in range(30, 40)]


def _model(name: str) -> SentimentModel:
    from components.session import resources

    return resources.model(name)
