"""Short texts that networks are tried on: the texts themselves, the figures, what damage does, the model card."""

from __future__ import annotations

import copy
import json
import tomllib
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import artifacts, statistics
from models.card import ModelCard
from models.catalog import list_models, load_model
from models.compare import challenges
from models.compare.edits import aligned
from models.figures.writing import as_json
from models.text import Token, keys, spans
from models.training.data import imdb
from models.training.data.sentences import sentences
from models.training.report import challenges as measuring
from models.training.report.model_card import readme
from models.training.teachers.articles import ARTICLES
from tests.fake_imdb import made_up_review
from tests.judged import CHALLENGES, OLDER, read_figures_of

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    *(text for pair in challenges.pairs() for text in (pair.original, pair.edited)),
    *(single.text for single in challenges.singles()),
    *(opinion.text for opinion in challenges.opinions()),
    *(text for swap in challenges.swaps() for text in swap.texts),
]

REVIEWS = {
    text for pair in challenges.pairs() if pair.kind == challenges.REVIEWS for text in (pair.original, pair.edited)
}


def noise(texts: Sequence[str]) -> np.ndarray:
    """A made-up opinion of every text, the same each time."""
    return np.array([zlib.crc32(text.encode()) % 1000 / 1000 + 0.0004 for text in texts], np.float32)


MEANT = {
    **{pair.original: pair.positive for pair in challenges.pairs()},
    **{pair.edited: not pair.positive for pair in challenges.pairs()},
    **{single.text: single.positive for single in challenges.singles()},
    **{opinion.text: opinion.positive for opinion in challenges.opinions()},
}


# The texts.


def test_every_kind_is_named_and_half_of_it_positive() -> None:
    for texts, names in (
        (challenges.pairs(), challenges.PAIRS),
        (challenges.singles(), challenges.SINGLES),
        (challenges.opinions(), challenges.OPINIONS),
        (challenges.swaps(), challenges.SWAPS),
    ):
        counts = Counter((text.kind, text.positive) for text in texts)
        assert {kind for kind, _ in counts} == set(names)
        assert all(counts[kind, True] == counts[kind, False] >= 3 for kind in names)
    sizes = Counter(single.kind for single in challenges.singles())
    whole = sum(pair.kind == challenges.REVIEWS for pair in challenges.pairs())
    assert (len(challenges.pairs()), whole) == (132, 72)
    assert (sizes["sentence"], sizes["sarcasm"], sizes["critic"]) == (40, 20, 200)
    assert sum(sizes[kind] for kind in challenges.DOMAINS) == 30


def test_no_text_stands_twice_and_all_are_written_out() -> None:
    assert len({" ".join(keys(text)) for text in TEXTS}) == len(TEXTS)
    for text in TEXTS:
        assert text.removeprefix('"')[0].isupper() and text[-1] in ".?!" and "  " not in text and "{" not in text
        assert all(c.isprintable() and c not in "<>*_`[]" for c in text)


def test_half_of_the_opinions_of_every_kind_are_held_out_on_both_sides() -> None:
    counts = Counter((one.kind, one.positive, one.held_out) for one in challenges.opinions())
    assert len(counts) == 4 * len(challenges.OPINIONS) and len(set(counts.values())) == 1
    assert len(challenges.opinions()) >= 200
    assert max(len(keys(one.text)) for one in challenges.opinions()) <= 15


def test_short_sentences_are_short() -> None:
    lengths = [len(keys(single.text)) for single in challenges.singles() if single.kind == "sentence"]
    assert min(lengths) >= 4 and max(lengths) <= 15
    assert max(len(keys(text)) for text in TEXTS if text not in REVIEWS) <= 30
    assert min(len(keys(text)) for text in REVIEWS) >= 95 and max(len(keys(text)) for text in REVIEWS) <= 130


@pytest.mark.parametrize("pair", challenges.pairs(), ids=lambda pair: f"{pair.kind}: {pair.original[:30]}")
def test_an_edit_is_small(pair: challenges.Pair) -> None:
    sides = [[Token(t[a:b], a, b, 0, True) for a, b in spans(t)] for t in (pair.original, pair.edited)]
    changed = [column for column in aligned(*sides) if column.kind != "same"]
    assert 1 <= len(changed) <= (22 if pair.kind == challenges.REVIEWS else 6)
    assert len(changed) < len(keys(pair.original)) / (5 if pair.kind == challenges.REVIEWS else 1)


def test_swapped_texts_differ_in_one_word() -> None:
    for swap in challenges.swaps():
        words = [keys(text) for text in swap.texts]
        assert len({len(found) for found in words}) == 1 and len(words) >= 6
        assert sum(len(set(column)) > 1 for column in zip(*words, strict=True)) == 1


@pytest.mark.parametrize(
    "file", ["models/compare/challenges.json", "models/compare/opposites.txt", "models/examples.txt"]
)
def test_the_texts_are_packaged(file: str) -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    path = ROOT / file
    assert path.is_file()
    assert any(path.match(pattern) for pattern in packages[".".join(path.relative_to(ROOT).parts[:-1])])


# The figures.


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


# Pieces of reviews.


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


# Damage, and chance.


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


def test_the_interval_of_wilson() -> None:
    # Wilson's interval solves |p − share| = 1.96 √(p(1−p)/n) for p.
    for share, n in ((0.0, 8), (0.25, 8), (0.9, 10), (1.0, 20), (0.5, 2_500)):
        for p in statistics.interval(share, n):
            assert abs(p - share) == pytest.approx(1.96 * np.sqrt(p * (1 - p) / n), abs=1e-7)
    assert statistics.interval(0.0, 10) == pytest.approx((0, 0.27754), abs=1e-5)
    assert statistics.interval(0.3, 0) == (0, 1)


# The model card.


def card_of(found: Any, recipe: dict[str, Any], **stage: float) -> str:
    training = {
        "reviews": 1, "validation_reviews": 1, "unlabelled_reviews": 1, "epochs": 1, "best_epoch": 1, "minutes": 1,
        "machine": "", "temperature": 1, "pretraining_minutes": 77, **stage,
    }  # fmt: skip
    facts = {"training": training, "recipe": recipe, "readout": ["last"]}
    card = ModelCard("gru", "GRU", "GRU", 1, "", False, 1, 4, 3, 10, 50, 99, 0.9, Path(), facts)
    figures = read_figures_of("gru", challenges=found) if found else replace(read_figures_of("gru"), challenges=None)
    return readme(card, figures)


@pytest.mark.parametrize("recipe", [{"seed": 1, "teachers": []}, ARTICLES[0].as_dict()], ids=["own", "article"])
def test_the_card_says_where_it_fails(recipe: dict[str, Any]) -> None:
    text = card_of(CHALLENGES, recipe)
    for sentence in (
        "whole review 90 %, first 20 words 70 % right",
        "40 short sentences about films: 95 % right",
        "30 reviews of restaurants, phones, books, hotels: 80 % right",
        "20 sarcastic reviews: 20 % right",
        "200 one-liners as critics write them: 55 % right",
        "240 short opinions written for this project, half of each kind positive; 120 of them were not looked at while "
        "recipes were compared: of these 87 are judged rightly (72 %). Worst of all 240: present tense 9 of 24, "
        "least and most 18 of 24, reservations 18 of 24.",
        "of 132 pairs of a text and a small edit",
        "both sides are judged rightly in 40 (30 %; two tosses of a coin: 25 %)",
        "negation 5 of 10, two negations 0 of 8, adjectives 9 of 10",
        "edited reviews 16 of 72",
        "72 of these pairs are whole reviews: 92 % of the originals and 25 % of the edited reviews",
        "by 0.20 on average and 0.50 at most, and the verdict on 3 of 18 sentences",
    ):
        assert sentence in text
    assert "- Pieces of the" not in card_of({k: v for k, v in CHALLENGES.items() if k != "cuts"}, recipe)
    assert "were not measured" in card_of(None, recipe)
    older = card_of(OLDER, recipe)
    assert "short opinions" not in older
    assert "of 60 pairs" in older and "whole reviews:" not in older and "one-liners" not in older


def test_the_card_says_what_the_network_started_from() -> None:
    recipe = {"seed": 1, "teachers": [], "language_model_epochs": 3}
    assert (
        "read 3 times, with all others, by the language model that the recurrent layer starts from (77 min"
        in card_of(None, recipe)
    )
    assert "which itself started from what first_pretrained had learnt (77 minutes, that network included)" in card_of(
        None, {**recipe, "continues": "first_pretrained"}
    )


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


def test_one_epoch_is_one_epoch() -> None:
    assert ": 1 labelled review, " in card_of(None, {"seed": 1, "teachers": []})
    assert ". 1 epoch, kept was epoch 1 " in card_of(None, {"seed": 1, "teachers": []})
    assert "1 recurrent layer of 4 units" in card_of(None, {"seed": 1, "teachers": []})


def test_the_card_tells_of_a_last_stage() -> None:
    stage = {"refined_after": 5, "short_opinions": 16_000, "share_kept": 0.5}
    sentence = (
        "after epoch 5 it was shown 16,000 composed short opinions and fewer of all other texts, and its weights were "
    )
    recipe = {"seed": 1, "teachers": []}
    assert sentence + "moved 50 % of the way" in card_of(None, recipe, **stage)
    assert "short opinions and" not in card_of(None, recipe)
