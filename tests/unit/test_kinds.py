"""What kind of text it is: another subject, sarcasm, and opinions that the network cannot read."""

from __future__ import annotations

import pytest

from models.compare import kinds
from models.text import RESERVED, Token, Vocabulary

VOCABULARY = Vocabulary((*RESERVED, "the", "a", "film", "good", "was", "phone", "battery", "book", "it"))


def tokens(text: str) -> tuple[Token, ...]:
    return VOCABULARY.tokenize(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The phone's battery lasts two days, and the battery charges fast: a fine phone", "phones"),
        ("The waiter was rude and the soup was cold.", "restaurants"),
        ("Our room was dirty, and so was the bathroom.", "hotels"),
        ("Three hundred pages and no chapter without a surprise.", "books"),
        ("The book is better than the film, every chapter of it.", None),
        ("A wonderful story.", None),
    ],
)
def test_another_subject_is_seen_where_two_words_tell_it_and_none_is_of_film(text: str, expected: str | None) -> None:
    assert kinds.subject(tokens(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Oh, GREAT: a sequel.", True), ("A great film, oh!", False), ("What a surprise!", True)]
)
def test_turns_of_phrase_that_mean_their_opposite(text: str, expected: bool) -> None:
    assert kinds.sounds_sarcastic(tokens(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The film was superb, Superb and moving", ["superb", "Superb", "moving"]),
        ("The film was superb and good", []),
        ("It was the first film", []),
    ],
)
def test_opinions_are_named_where_none_is_known(text: str, expected: list[str]) -> None:
    assert kinds.unknown_opinions(tokens(text)) == expected
