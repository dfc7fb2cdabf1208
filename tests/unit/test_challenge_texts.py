"""Short texts that networks are tried on: balanced, new, and as different as they should be."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from models.compare import challenges
from models.compare.edits import aligned
from models.text import Token, keys, spans
from tests.challenges import TEXTS

ROOT = Path(__file__).resolve().parents[2]


REVIEWS = {
    text for pair in challenges.pairs() if pair.kind == challenges.REVIEWS for text in (pair.original, pair.edited)
}


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
    "file",
    [
        "models/compare/challenges.json",
        "models/compare/kinds.json",
        "models/compare/opposites.txt",
        "models/examples.txt",
        "models/settings.toml",
        "models/training/recipes.toml",
        "models/training/report/model_card.md",
    ],
)
def test_the_texts_are_packaged(file: str) -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    path = ROOT / file
    assert path.is_file()
    assert any(path.match(pattern) for pattern in packages[".".join(path.relative_to(ROOT).parts[:-1])])
