"""Opposites found in reviews, and the rewritten texts made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.text import Vocabulary
from models.training.data import imdb
from models.training.data.corpus import Part
from models.training.data.rewriting import NEGATIONS, Rewriter
from models.training.data.sentences import LEAST_WORDS, cut_in_two, drawn
from models.training.recipe import Recipe
from models.training.recipes import RECIPES, TEACHERS
from models.training.teachers.additions import LAST_WORD, MIRRORED, NOT_BAD, NOT_GOOD, Additions

GOOD, BAD = ("good", "lovely"), ("bad", "awful")
OTHERS = (
    "but",
    "although",
    "the",
    "film",
    "dog",
    "is",
    "was",
    "not",
    "isn't",
    "very",
    "and",
    "a",
    "8/10",
    "3/10",
    "it",
    "[x]",
)
WORDS = ("[padding]", "[out of vocabulary]", *GOOD, *BAD, *OTHERS)
ID = {word: i for i, word in enumerate(WORDS)}


def ids(text: str) -> np.ndarray:
    return np.array([ID[word] for word in text.split()], np.int32)


def _review(written: str) -> imdb.Review:
    return imdb.Review(written, label=-1, stars=0, id=1)


def text(found: np.ndarray) -> str:
    return " ".join(WORDS[i] for i in found)


@pytest.fixture(scope="module")
def labelled() -> Part:
    good = [ids(f"the film was very {word} and the dog was {word}") for word in GOOD * 80]
    bad = [ids(f"the film was very {word} and the dog was {word}") for word in BAD * 80]
    return Part(good + bad, np.array([1.0] * 160 + [0.0] * 160, np.float32))


@pytest.fixture(scope="module")
def rewriter(labelled: Part) -> Rewriter:
    vectors = np.eye(len(WORDS), 8, dtype=np.float32)
    vectors[[ID["good"], ID["bad"]]] = [[0, 0, 0, 0, 0, 0, 1, 0.2], [0, 0, 0, 0, 0, 0, 1, -0.2]]
    vectors[[ID["lovely"], ID["awful"]]] = [[0, 0, 0, 0, 0, 0, 0.2, 1], [0, 0, 0, 0, 0, 0, -0.2, 1]]
    return Rewriter(WORDS, vectors, labelled, Part([], np.zeros(0, np.float32)))


def test_the_opposite_is_the_nearest_word_that_leans_the_other_way(rewriter: Rewriter) -> None:
    found = {WORDS[word]: {WORDS[i] for i in others} for word, others in rewriter.opposite.items()}
    assert found == {
        "good": {"bad"},
        "bad": {"good"},
        "lovely": {"awful"},
        "awful": {"lovely"},
        "8/10": {"3/10"},
        "3/10": {"8/10"},
    }
    # (80 + 5) / (160 + 10) against 5 / 170
    assert rewriter.leaning[ID["good"]] == pytest.approx(np.log(85 / 5))
    assert rewriter.leaning[ID["dog"]] == 0


def test_a_mirrored_review_says_the_opposite_and_nothing_else_changes(rewriter: Rewriter) -> None:
    review = ids("the film was good and the dog was lovely 8/10 it is a film")
    random = np.random.default_rng(0)
    versions = {text(rewriter.mirrored(review, True, random)) for _ in range(60)}
    assert "the film was bad and the dog was awful 3/10 it is a film" in versions
    assert len(versions) > 1, "one word in ten stays"
    for version in versions:
        for before, after in zip(text(review).split(), version.split(), strict=True):
            assert before == after or ID[after] in rewriter.opposite[ID[before]]


def test_a_review_is_not_mirrored_if_its_words_do_not_bear_its_verdict_out(rewriter: Rewriter) -> None:
    random = np.random.default_rng(0)
    assert rewriter.mirrored(ids("the film was good"), False, random) is None
    assert rewriter.mirrored(ids("the film was a film"), True, random) is None
    assert rewriter.mirrored(ids("the film was good and bad"), True, random) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the film was good", ("the film was not good", True)),
        ("the dog is a very bad dog", ("the dog is not a very bad dog", False)),
        ("the film was good and lovely", ("the film was not good and lovely", True)),
        ("the film was not good", None),
        ("the film was good but the dog was awful", None),
        ("the film isn't good", None),
        ("good film", None),
        ("the dog and the film", None),
        ("the film was good it is lovely", None),
    ],
)
def test_a_sentence_is_negated_where_there_is_one_clear_place(
    rewriter: Rewriter, sentence: str, expected: tuple[str, bool] | None
) -> None:
    found = rewriter.negated(ids(sentence))
    assert (None if found is None else (text(found[0]), found[1])) == expected


def test_what_i_loved_or_hated_is_denied() -> None:
    words = ("[padding]", "[out of vocabulary]", *"i we the film so really love loved enjoy enjoyed hated".split())
    words += ("adored", "did", "not", "didn't", "was")
    number = {word: i for i, word in enumerate(words)}

    def ids_of(sentence: str) -> np.ndarray:
        return np.array([number[word] for word in sentence.split()], np.int32)

    reviews = [ids_of(f"i so {word} the film") for word in ("loved", "enjoyed", "adored", "hated") * 80]
    labelled = Part(reviews, np.array([1.0, 1.0, 1.0, 0.0] * 80, np.float32))
    rewriter = Rewriter(words, np.eye(len(words), dtype=np.float32), labelled, Part([], np.zeros(0, np.float32)))

    def denied(sentence: str) -> str | None:
        found = rewriter.negated(ids_of(sentence))
        return None if found is None else " ".join(words[i] for i in found[0])

    assert denied("we loved the film") == "we did not love the film"
    assert denied("i really enjoyed the film") == "i didn't enjoy the film"
    assert denied("the film i so loved") == "the film i didn't love"
    assert denied("the film loved") is None, "nobody says so"
    assert denied("i hated the film") is None, "hate is not a known word here"
    assert denied("i did not love the film i loved") is None


def test_not_is_said_in_many_ways() -> None:
    words = ("[padding]", "[out of vocabulary]", *"i the film was so dull loved love did didn't".split())
    words += ("not", "wasn't", "at", "all", "never", "far", "from", "anything", "but")  # "hardly" is no known word
    number = {word: i for i, word in enumerate(words)}

    def ids_of(sentence: str) -> np.ndarray:
        return np.array([number[word] for word in sentence.split()], np.int32)

    reviews = [ids_of(f"the film was so {word}") for word in ("loved", "dull") * 80]
    labelled = Part(reviews, np.array([1.0, 0.0] * 80, np.float32))
    rewriter = Rewriter(words, np.eye(len(words), dtype=np.float32), labelled, Part([], np.zeros(0, np.float32)))

    def negated(sentence: str) -> list[tuple[str, bool]]:
        found = [rewriter.negated(ids_of(sentence), way) for way in NEGATIONS]
        return [(" ".join(words[i] for i in one[0]), one[1]) for one in found if one is not None]

    assert negated("the film was so dull") == [
        ("the film was not so dull", False), ("the film wasn't so dull", False),
        ("the film was not at all so dull", False), ("the film was never so dull", False),
        ("the film was not so dull", False), ("the film was far from so dull", False),
        ("the film was anything but so dull", False),
    ]  # fmt: skip
    plain = ("i did not love the film", True)
    assert negated("i loved the film") == [plain, plain, plain, ("i never loved the film", True), plain, plain, plain]


def test_an_epochs_additions_carry_what_they_mean(rewriter: Rewriter, labelled: Part) -> None:
    sentences = Part(
        [ids("the film was good"), ids("the dog was awful"), ids("it is a film")], np.array([0.9, 0.1, 0.5])
    )
    parts = Part([ids("8/10 it is very good"), ids("3/10 it is very bad")], np.array([0.8, 0.2]))
    recipe = replace(
        RECIPES["lstm"],
        sentences_per_epoch=2,
        parts_per_epoch=1,
        negated_per_epoch=40,
        joined_per_epoch=9,
        mirrored_per_epoch=7,
    )
    assert isinstance(recipe, Recipe)
    additions = Additions(sentences, parts, rewriter, WORDS)
    documents, targets = additions.draw(recipe, labelled.ids, labelled.labels, np.random.default_rng(3))
    again = additions.draw(recipe, labelled.ids, labelled.labels, np.random.default_rng(3))
    assert targets == again[1] and all(np.array_equal(a, b) for a, b in zip(documents, again[0], strict=True))

    as_they_are = dict(zip(map(text, sentences.ids), sentences.labels, strict=True))
    for document, target in zip(documents[:2], targets[:2], strict=True):
        assert as_they_are[text(document)] == pytest.approx(target)
    assert (text(documents[2]), targets[2]) in {("8/10 it is very good", 0.8), ("3/10 it is very bad", 0.2)}
    del documents[2], targets[2]
    negated = sorted(zip(map(text, documents[2:6]), targets[2:6], strict=True))
    assert negated == [("the dog was not awful", NOT_BAD)] * 2 + [("the film was not good", NOT_GOOD)] * 2
    assert len(documents) == 2 + 2 * 2 + 9 + 7
    good, bad = "the film was good", "the dog was awful"
    in_favour = {(bad, good), ("the film was not good", good)}
    against = {(good, bad), ("the dog was not awful", bad)}
    expected = {
        joined: target
        for pairs, target in ((in_favour, LAST_WORD), (against, 1 - LAST_WORD))
        for one, other in pairs
        for joined in (f"{one} but {other}", f"although {one} {other}")
    }
    for document, target in zip(documents[6:15], targets[6:15], strict=True):
        assert target == pytest.approx(expected[text(document)])
    for document, target in zip(documents[15:], targets[15:], strict=True):
        now_good = rewriter.leaning[document].sum() > 0
        if abs(rewriter.leaning[document].sum()) > 1:  # both words turned round
            assert target == pytest.approx(MIRRORED if now_good else 1 - MIRRORED)


def test_sentences_are_cut_from_the_text_and_drawn_by_the_seed() -> None:
    review = (
        "We saw it in a small cinema. Dull! The songs are good, and so is the dog in the second act. "
        "It was fun for us all."
    )
    vocabulary = Vocabulary.count([review.lower().replace(",", "").replace(".", "").replace("!", " !").split()], 40)
    found = drawn([_review(review)], vocabulary, 1)
    assert len(found) == 2 and all(6 <= len(cut) <= 45 for cut in found)
    assert all(np.array_equal(a, b) for a, b in zip(found, drawn([_review(review)], vocabulary, 1), strict=True))
    three = {len(cut) for seed in range(20) for cut in drawn([_review(review)], vocabulary, seed)}
    assert three == {6, 7, 13}, "too short a sentence is never drawn"


def test_a_review_is_cut_in_two_and_nothing_of_it_lost() -> None:
    review, short = np.arange(100, dtype=np.int32), np.arange(2 * LEAST_WORDS - 1, dtype=np.int32)
    places = set()
    for seed in range(30):
        beginning, rest = cut_in_two([short, review], seed)
        assert np.array_equal(np.concatenate([beginning, rest]), review)
        places.add(len(beginning))
    assert 25 <= min(places) < 40 and 60 < max(places) <= 75


def test_teachers_that_are_not_on_the_shelf_teach_nobody_who_teaches_them() -> None:
    def chain(name: str) -> list[str]:
        recipe = TEACHERS.get(name) or RECIPES.get(name)
        return [name, *(n for teacher in getattr(recipe, "teachers", ()) for n in chain(teacher))]

    for name in (*RECIPES, *TEACHERS):
        assert name not in chain(name)[1:]
    assert not set(TEACHERS) & set(RECIPES)
