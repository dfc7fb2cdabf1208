"""Edits through offsets: the rest of the text stays, and the tokenizer finds exactly what was promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.compare.edits import (
    FILLER,
    WordEdit,
    aligned,
    apply,
    in_words,
    like,
    remove,
    replace,
    shuffled,
    with_filler,
)
from models.compare.opposites import OPPOSITES, negation, opposites
from models.examples import EXAMPLES
from models.text import RESERVED, Vocabulary, keys, spans

VOCABULARY = Vocabulary(
    (
        *RESERVED,
        *"the film was is good bad great love loved hate enjoy plan works work miss carry".split(),
        *"a not i it and drag hat".split(),
        *"wasn't isn't didn't don't never awful funny".split(),
    )
)


def tokens(text: str):
    return VOCABULARY.tokenize(text)


def edited(text: str, word: str, after: str | None) -> str:
    found = tokens(text)
    place = next(i for i, token in enumerate(found) if token.text == word)
    edit = remove(found[place], place) if after is None else replace(found[place], place, after)
    return apply(text, found, [edit])


@pytest.mark.parametrize(
    ("text", "word", "after", "expected"),
    [
        ("What a  GOOD film — really.", "GOOD", "bad", "What a  BAD film — really."),
        ("Good.\n\n<br>Good, no?", "Good", "bad", "Bad.\n\n<br>Good, no?"),
        ("I left bored, annoyed and sad.", "bored", None, "I left, annoyed and sad."),
        ("I left bored, annoyed and sad.", "annoyed", None, "I left bored, and sad."),
        ("I left bored, annoyed and sad.", "sad", None, "I left bored, annoyed and."),
        ("One.\n\nAnd then (good film) it ends", "And", None, "One.\n\nthen (good film) it ends"),
        ("One.\n\nAnd then (good film) it ends", "good", None, "One.\n\nAnd then (film) it ends"),
        ("One.\n\nAnd then (good film) it ends", "ends", None, "One.\n\nAnd then (good film) it"),
        ("a well-made film", "well", None, "a -made film"),
        ("great!good!", "good", None, "great! !"),
        ("it cost 3.good 5", "good", "bad", "it cost 3.bad 5"),
        ("it cost 3,x 5", "x", None, "it cost 3, 5"),
        ("<b>good</b> film", "good", "bad", "<b>bad</b> film"),
        ("eh, ![x](http://good.example) film", "x", "bad", "eh, ![bad](http://good.example) film"),
    ],
)
def test_one_word(text, word, after, expected):
    assert edited(text, word, after) == expected


def test_several_edits_at_once_use_the_offsets_of_the_original():
    text = "  Oh, the FILM was good — and it was Great! "
    found = tokens(text)
    edits = [replace(found[2], 2, "picture"), remove(found[0], 0), replace(found[8], 8, "not awful")]
    assert apply(text, found, edits) == ", the PICTURE was good — and it was Not awful! "
    assert apply(text, found, []) == text


# No bare colons: an edit next to one may bring a face to light (":)a" without its "a").
PIECES = [*"abcXYZé’'!?.,-—()<>/0159 \n\t\0", "good", "Film", " ", "7/10", "<br>", "🙂", "很好", " :) "]
WORDS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(text=WORDS, data=st.data())
def test_the_tokenizer_finds_what_was_promised(text, data):
    found = tokens(text)
    places = data.draw(st.lists(st.integers(0, max(0, len(found) - 1)), unique=True, max_size=4)) if found else []
    edits, expected = [], keys(text)
    for place in sorted(places, reverse=True):
        after = data.draw(st.sampled_from([None, "bad", "not good", "didn't"]))
        edits.append(WordEdit(place, found[place].text, after))
        expected[place : place + 1] = [] if after is None else keys(after)
    assert keys(apply(text, found, edits)) == expected


@settings(max_examples=150, deadline=None)
@given(text=WORDS, seed=st.integers(0, 5))
def test_shuffling_keeps_every_word(text, seed):
    found = tokens(text)
    assert sorted(keys(apply(text, found, shuffled(found, seed)))) == sorted(keys(text))


def test_shuffles_differ_by_seed_and_repeat():
    text = EXAMPLES[0].text
    found = tokens(text)
    first, again, second = (apply(text, found, shuffled(found, seed)) for seed in (1, 1, 2))
    assert first == again != second
    assert len(first) == len(text)


def test_capitals_follow_the_word_replaced():
    assert [like("bad", model) for model in ("GOOD", "Good", "good", "I", "1st")] == ["BAD", "Bad", "bad", "Bad", "bad"]


@pytest.mark.parametrize("words", [0, 1, 7, 50, 400])
def test_filler_has_the_words_asked_for_and_keeps_the_review(words):
    text = "Good film."
    filled = with_filler(text, words)
    assert filled.endswith(text)
    assert len(keys(filled)) == words + 2
    found = keys(FILLER)
    assert keys(filled)[:words] == [found[i % len(found)] for i in range(words)]


def test_filler_has_no_opinion():
    assert not set(keys(FILLER)) & set(OPPOSITES) - {"first", "all", "up", "light", "long", "more", "see", "watch"}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("The film was good.", "was", "The film wasn't good."),
        ("The film wasn't good.", "wasn't", "The film was good."),
        ("The film wasn't good.", "good", "The film was good."),
        ("It is not good.", "good", "It is good."),
        ("I loved it", "loved", "I didn't love it"),
        ("I especially LOVED it", "LOVED", "I especially DIDN'T LOVE it"),
        ("They planned and I enjoyed it", "enjoyed", "They planned and I didn't enjoy it"),
        ("we planned it", "planned", "we didn't plan it"),
        ("it works", "works", "it doesn't work"),
        ("I love it", "love", "I don't love it"),
        ("A good film", "good", "Not a good film"),
        ("It is the very good film", "good", "It is not the very good film"),
        ("Good film", "Good", "Not good film"),
        ("so GOOD film", "GOOD", "so NOT GOOD film"),
        ("Film", "Film", "Not film"),
    ],
)
def test_negation(text, word, expected):
    found = tokens(text)
    place = next(i for i, token in enumerate(found) if token.text == word)
    assert apply(text, found, [negation(found, place, VOCABULARY)]) == expected


def test_opposites_are_known_words_and_go_both_ways():
    assert opposites("GOOD", VOCABULARY) == ("bad",)
    assert opposites("zebra", VOCABULARY) == ()
    for word, others in OPPOSITES.items():
        assert word not in others
        assert all(word in OPPOSITES[other] for other in others), word
        assert all(" ".join(keys(other)) == other for other in others)


def test_alignment_of_a_replaced_a_removed_and_an_added_word():
    before, after = tokens("the film was good and great"), tokens("oh the film is good great")
    pairs = aligned(before, after)
    assert [(p.before, p.after, p.kind) for p in pairs] == [
        (None, 0, "added"),
        (0, 1, "same"),
        (1, 2, "same"),
        (2, 3, "replaced"),
        (3, 4, "same"),
        (4, None, "removed"),
        (5, 5, "same"),
    ]


def test_a_new_order_is_compared_place_by_place():
    pairs = aligned(tokens("good film was"), tokens("was film good"))
    assert [p.kind for p in pairs] == ["replaced", "same", "replaced"]
    assert [(p.before, p.after) for p in pairs] == [(0, 0), (1, 1), (2, 2)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=12))
def test_alignment_covers_both_texts_in_order(old, new):
    pairs = aligned(tokens(" ".join(old)), tokens(" ".join(new)))
    assert [p.before for p in pairs if p.before is not None] == list(range(len(old)))
    assert [p.after for p in pairs if p.after is not None] == list(range(len(new)))
    for pair in pairs:
        same = pair.before is not None and pair.after is not None and old[pair.before] == new[pair.after]
        assert (pair.kind == "same") == same


def test_long_texts_are_aligned_quickly():
    import time

    random = np.random.default_rng(1)
    words = [f"w{i}" for i in random.integers(0, 300, 1_500)]
    start = time.monotonic()
    pairs = aligned(tokens(" ".join(words)), tokens(" ".join([*words[700:], *words[:650], "new"])))
    assert len(pairs) >= 1_500
    assert time.monotonic() - start < 2


def test_edits_in_words():
    assert in_words(WordEdit(3, "Bored", "Thrilled")) == "“Bored” → “Thrilled”"
    assert in_words(WordEdit(3, "not", None)) == "“not” removed"
    assert list(spans("x")) == [(0, 1)]
