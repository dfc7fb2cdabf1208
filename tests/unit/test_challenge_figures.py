"""The figures of the short texts against plain counting, and which pieces of reviews are counted."""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import artifacts
from models.card import ModelCard
from models.catalog import list_models, load_model
from models.compare import challenges
from models.figures.json_file import as_json
from models.text import keys
from models.training.data import imdb
from models.training.data.sentences import sentences
from models.training.report import challenges as measuring
from tests.challenges import TEXTS
from tests.fake_imdb import made_up_review
from tests.judged import CHALLENGES, read_figures_of

ROOT = Path(__file__).resolve().parents[2]


def noise(texts: Sequence[str]) -> np.ndarray:
    """A made-up opinion of every text, the same each time."""
    return np.array([zlib.crc32(text.encode()) % 1000 / 1000 + 0.0004 for text in texts], np.float32)


MEANT = {
    **{pair.original: pair.positive for pair in challenges.pairs()},
    **{pair.edited: not pair.positive for pair in challenges.pairs()},
    **{single.text: single.positive for single in challenges.singles()},
    **{opinion.text: opinion.positive for opinion in challenges.opinions()},
}


def test_figures_against_plain_counting() -> None:
    found = measuring.written(noise)
    for row in found.singles:
        own = [single for single in challenges.singles() if single.kind == row.kind]
        right = sum((noise([single.text])[0] > 0.5) == single.positive for single in own)
        assert (row.reviews, row.accuracy) == (len(own), pytest.approx(right / len(own)))
    for row in found.pairs:
        own = [pair for pair in challenges.pairs() if pair.kind == row.kind]
        first = [(noise([pair.original])[0] > 0.5) == pair.positive for pair in own]
        second = [(noise([pair.edited])[0] > 0.5) != pair.positive for pair in own]
        assert row.pairs == len(own)
        assert row.original_right == pytest.approx(sum(first) / len(own))
        assert row.edited_right == pytest.approx(sum(second) / len(own))
        assert row.both_right == pytest.approx(sum(a and b for a, b in zip(first, second, strict=True)) / len(own))
    for row in found.opinions:
        halves = {
            held_out: [
                (noise([one.text])[0] > 0.5) == one.positive
                for one in challenges.opinions()
                if one.kind == row.kind and one.held_out == held_out
            ]
            for held_out in (False, True)
        }
        assert row.texts == len(halves[False]) + len(halves[True])
        assert row.tuned_right == pytest.approx(np.mean(halves[False]))
        assert row.held_out_right == pytest.approx(np.mean(halves[True]))
    for row in found.swaps:
        read = [[float(noise([text])[0]) for text in s.texts] for s in challenges.swaps() if s.kind == row.kind]
        assert row.sentences == len(read)
        assert row.mean_spread == pytest.approx(sum(max(p) - min(p) for p in read) / len(read))
        assert row.largest_spread == pytest.approx(max(max(p) - min(p) for p in read))
        assert row.verdict_changes == sum(max(p) > 0.5 >= min(p) for p in read)


@pytest.mark.parametrize("always", [0.1, 0.9])
def test_one_verdict_for_everything_is_a_coin(always: float) -> None:
    found = measuring.written(lambda texts: np.full(len(texts), always, np.float32))
    assert {row.accuracy for row in found.singles} == {0.5}
    assert all(row.tuned_right == row.held_out_right == 0.5 for row in found.opinions)
    assert all(row.both_right == 0 and row.original_right == row.edited_right == 0.5 for row in found.pairs)
    assert all(row.mean_spread == row.largest_spread == row.verdict_changes == 0 for row in found.swaps)


def test_who_understands_everything() -> None:
    found = measuring.written(lambda texts: np.array([0.9 if MEANT.get(text, True) else 0.1 for text in texts]))
    assert {row.accuracy for row in found.singles} == {1.0}
    assert {row.both_right for row in found.pairs} == {1.0}
    assert {row.held_out_right for row in found.opinions} == {1.0}


def test_sentences() -> None:
    text = 'I saw Mr. Smith in "Part 2." It was "great!" Really... no.<br /><br />- - -<br />Dr. No (ok?) Yes! :) 7/10'
    assert [" ".join(keys(sentence)) for sentence in sentences(text)] == [
        "i saw mr smith in part 2", "it was great !", "really no", "dr no ok ?", "yes ! :) 7/10",
    ]  # fmt: skip
    assert sentences("?! ...") == []
    assert sentences("no stop at all") == ["no stop at all"]


@pytest.mark.parametrize("number", range(12))
def test_pieces_are_stretches_of_the_review(number: int) -> None:
    text = " ".join(made_up_review("pos", 10 * number + i) for i in range(number))
    found = dict(measuring.pieces(text, np.random.default_rng(0)))
    words = keys(text)
    assert (not words and not found) or found.pop("whole") == text
    for kind, piece in found.items():
        n = int(kind.split("_")[1]) if "words" in kind else len(keys(piece))
        assert len(keys(piece)) == n < len(words)
        start = {"first": 0, "last": len(words) - n}.get(kind.split("_")[0])
        places = range(len(words) - n + 1) if start is None else [start]
        assert any(words[place : place + n] == keys(piece) for place in places)
    if "any_sentence" in found:
        assert len(keys(found["any_sentence"])) >= 6
    assert {kind for kind in challenges.CUTS if "words" in kind and int(kind.split("_")[1]) < len(words)} == {
        kind for kind in found if "words" in kind
    }


def test_nothing_is_cut_from_a_text_without_words() -> None:
    assert list(measuring.pieces("...", np.random.default_rng(0))) == []


@dataclass
class Facts:
    """Stands for a card."""

    facts: dict[str, Any]


@dataclass
class Recorder:
    """Stands for a model; remembers what it was asked."""

    facts: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    @property
    def card(self) -> Facts:
        return Facts(self.facts)

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return noise(texts)


def reviews(part: str) -> tuple[imdb.Review, ...]:
    """Four hundred reviews that name the part they belong to and their number."""
    return tuple(
        imdb.Review(f"{part} {label} {number} is. " + "Quite a long sentence about it. " * 3, label, 1, number)
        for label in (0, 1)
        for number in range(200)
    )


DATA = imdb.Dataset(reviews("trained"), reviews("tested"), ())


def test_pieces_come_from_the_validation_reviews_of_the_recipe_alone() -> None:
    model = Recorder({"recipe": {"seed": 3, "validation_size": 40}})
    found = measuring.measure(model, DATA)  # type: ignore[arg-type]
    training, validation = imdb.split_validation(DATA.train, imdb.SPLIT_SEED, 40)
    whole = [text for text in model.asked if text in {review.text for review in validation}]
    assert len(whole) == 40 and found.cuts[0].reviews == 40
    assert not any("tested" in text for text in model.asked)
    learnt = {f"trained {review.label} {review.id} is." for review in training}
    assert not any(text.startswith(tuple(learnt)) for text in model.asked)
    expected = np.mean([(noise([review.text])[0] > 0.5) == (review.label == 1) for review in validation])
    assert found.cuts[0].accuracy == pytest.approx(expected)
    assert [row.kind for row in found.cuts] == [k for k in challenges.CUTS if k not in _TOO_LONG]
    assert measuring.measure(model, DATA) == found  # type: ignore[arg-type]
    assert read_figures_of("gru", challenges=as_json(found)).challenges == found


_TOO_LONG = {"first_100_words", "first_50_words", "last_50_words"}


@pytest.mark.parametrize("facts", [{}, {"recipe": None}, {"recipe": {"seed": 1, "validation_share": 0.2}}])
def test_a_network_that_was_trained_by_another_cut_gets_no_pieces(facts: dict[str, Any]) -> None:
    model = Recorder(facts)
    found = measuring.measure(model, DATA)  # type: ignore[arg-type]
    assert not found.cuts and sorted(model.asked) == sorted(TEXTS)
    assert "cuts" not in as_json(found)
    assert read_figures_of("gru", challenges=as_json(found)).challenges == found


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_the_saved_figures_are_those_of_the_texts_as_they_stand(card: ModelCard) -> None:
    saved = artifacts.read_evaluation(card.folder).challenges
    if saved is None:
        pytest.skip(f"python -m models.evaluate {card.name} was not run since these figures exist")
    found = measuring.written(load_model(card.name).predict)
    for part, rows in as_json(found).items():
        for row, kept in zip(rows, saved.rows(part), strict=True):
            assert kept == pytest.approx(row, abs=1e-3), part


def damaged(*path: Any, value: Any) -> dict[str, Any]:
    found = copy.deepcopy(CHALLENGES)
    place: Any = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return found


@pytest.mark.parametrize(
    "part",
    [
        [], "text", 3, {}, {"pairs": [], "singles": [], "swaps": []},
        damaged("pairs", value="text"),
        damaged("singles", 0, "accuracy", value=1.5),
        damaged("singles", 0, "accuracy", value="<img src=x>"),
        damaged("singles", 0, "kind", value="[x](http://a.example)"),
        damaged("singles", 0, "kind", value=["sentence"]),
        damaged("pairs", 0, "pairs", value=-1),
        damaged("swaps", 0, "largest_spread", value=None),
        damaged("cuts", 0, value=[1]),
        damaged("cuts", value=[]),
        damaged("opinions", 0, "held_out_right", value=2),
        damaged("opinions", 0, "kind", value="sentence"),
    ],
    ids=str,
)  # fmt: skip
def test_a_damaged_part_leaves_out_itself_only(part: Any) -> None:
    found = read_figures_of("gru", challenges=part)
    assert found == replace(read_figures_of("gru"), challenges=None, damaged=("challenges",))


def test_the_figures_hold_no_text() -> None:
    found = measuring.measure(Recorder({"recipe": {"seed": 3, "validation_size": 40}}), DATA)  # type: ignore[arg-type]
    written = json.dumps(as_json(found))
    assert not any(text in written for text in TEXTS)
    assert "trained" not in written and len(written) < 6_000


def test_the_table_of_short_opinions_is_the_saved_one() -> None:
    """``docs/models.md`` tells the figures of six networks, and of all ten kinds."""
    lines = (ROOT / "docs" / "models.md").read_text().splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("| | `"))
    names = [name.strip(" `") for name in lines[start].split("|")[2:-1]]
    in_docs = {}
    for line in lines[start + 2 : start + 3 + len(challenges.OPINIONS)]:
        kind, *cells = [cell.strip() for cell in line.split("|")[1:-1]]
        in_docs[kind] = cells
    expected: dict[str, list[str]] = {name: [] for name in (*challenges.OPINIONS.values(), "all 120 + 120")}
    for name in names:
        saved = artifacts.read_evaluation(ROOT / "models" / "pretrained" / name).challenges
        assert saved is not None
        right = [(row.tuned_right * row.texts / 2, row.held_out_right * row.texts / 2) for row in saved.opinions]
        sums = (sum(tuned for tuned, _ in right), sum(held_out for _, held_out in right))
        for kind, (tuned, held_out) in zip(expected, [*right, sums], strict=True):
            expected[kind].append(f"{tuned:.0f} + {held_out:.0f}")
    assert in_docs == expected and len(names) == 6
