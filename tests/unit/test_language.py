"""Reviews in languages that the networks never read."""

from __future__ import annotations

import pytest

from models.catalog import load_model
from models.scoring import language
from models.scoring.scoring import score, strange_rows
from models.text import keys


@pytest.mark.parametrize(
    "review",
    [
        "Un film magnifique, les acteurs sont formidables et la fin nous touche. Je le recommande.",
        "Una película preciosa, los actores son geniales y la historia emociona de principio a fin.",
        "Ein wunderbarer Film, die Schauspieler sind großartig und das Ende ist sehr gut.",
        "Um filme lindo, os atores são muito bons e a história não cansa.",
    ],
)
def test_common_words_tell_other_languages_from_english(review):
    assert language.foreign(keys(review))


@pytest.mark.parametrize(
    "review",
    [
        "A wonderful film about the director of La dolce vita, with a great cast.",
        "I saw Les Misérables and Das Boot in one week and loved both of them.",
        "Great. Loved it.",
        "Que sera sera",
    ],
)
def test_english_with_foreign_titles_stays_english(review):
    assert not language.foreign(keys(review))


def test_each_such_row_is_marked():
    model = load_model("lstm")
    scores = score(
        [model], ["A lovely film.", "Zxq wvk qqq film.", "C'est nul et je ne le recommande pas du tout.", "?!"]
    )
    assert [note.rpartition("; ")[2] for note in scores.notes] == [
        "", language.UNKNOWN, language.FOREIGN, "there is no word in it",
    ]  # fmt: skip
    assert strange_rows(scores).tolist() == [False, True, True, False]
