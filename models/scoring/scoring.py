"""Many reviews through several models: P(positive), tokens, unknown words, and why a row could not be scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.nn.cells import sigmoid
from models.scoring import language
from models.scoring.tables import Broken, NotText
from models.sentiment import SentimentModel
from models.text import OUT_OF_VOCABULARY, beginning, keys_of

Array = np.ndarray
POSITIVE, NEGATIVE, PARTED, UNSCORED = "positive", "negative", "models disagree", "not scored"


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What models say of ``n`` reviews.

    Attributes:
        probabilities: (n,) float32 by model name, P(positive) 0…1, NaN where there is no word to read.
        tokens: (n,) int, how many words each review has.
        unknown: (n,) float32 by model name, share of the tokens out of its vocabulary 0…1, NaN without tokens.
        notes: (n,) what is to be said of a row: why it could not be scored, or that its end was not read.
    """

    probabilities: dict[str, Array]
    tokens: Array
    unknown: dict[str, Array]
    notes: list[str]


def score(models: Sequence[SentimentModel], cells: Sequence[str], most_characters: int | None = None) -> Scores:
    """Score the text cells of some rows. The probabilities are those of ``SentimentModel.predict``.

    Tokens are found once for all models, and looked up once for every vocabulary. Of a cell longer than
    ``most_characters`` the beginning is read, and its note says so.
    """
    problems = [problem(cell) for cell in cells]
    long = [place for place, cell in enumerate(cells) if most_characters is not None and len(cell) > most_characters]
    lengths = [len(cells[place]) for place in long]
    if long:
        cells = [beginning(cell, most_characters or 0) for cell in cells]
    documents = list(keys_of("" if found else cell for found, cell in zip(problems, cells, strict=True)))
    wordless = np.array([not any(map(_has_letter, words)) for words in documents], bool)
    tokens = np.array([len(words) for words in documents], int)
    notes = [
        found or ("there is no word in it" if none else "") for found, none in zip(problems, wordless, strict=True)
    ]
    encoded: dict[int, list[Array]] = {}
    probabilities, unknown = {}, {}
    for model in models:
        vocabulary = id(model.vocabulary)
        if vocabulary not in encoded:
            own = model.vocabulary.reads_texts
            encoded[vocabulary] = (
                model.vocabulary.encode_texts(cells) if own else model.vocabulary.encode_all(documents)
            )
        ids = encoded[vocabulary]
        found = sigmoid(model.logits_of_ids(ids))
        found[wordless | np.array([len(row) == 0 for row in ids], bool)] = np.nan
        probabilities[model.card.name] = np.asarray(found, np.float32)
        lacking = [(row == OUT_OF_VOCABULARY).sum() for row in ids]
        with np.errstate(invalid="ignore"):
            unknown[model.card.name] = np.asarray(np.divide(lacking, tokens), np.float32)
    shortest = min((model.card for model in models), key=lambda card: card.max_timesteps, default=None)
    if shortest is not None:
        kept, most = "last" if shortest.unread_end == "start" else "first", shortest.max_timesteps
        for row in np.flatnonzero(tokens > most):
            notes[row] = notes[row] or f"only the {kept} {most:,} of {tokens[row]:,} words were read"
    for place, length in zip(long, lengths, strict=True):
        cut = f"only the first {len(cells[place]):,} of {length:,} characters were read"
        notes[place] = problems[place] or f"{cut}; {notes[place]}".removesuffix("; ")
    for place, strange in enumerate(_strange(documents, unknown)):
        if strange and tokens[place] and not wordless[place]:
            notes[place] = f"{notes[place]}; {strange}".removeprefix("; ")
    return Scores(probabilities, tokens, unknown, notes)


def strange_rows(scores: Scores) -> Array:
    """(n,) whether a review seems to be in no language that the models read, as ``score`` has noted it."""
    return np.array([note.endswith((language.UNKNOWN, language.FOREIGN)) for note in scores.notes], bool)


def _strange(documents: Sequence[Sequence[str]], unknown: dict[str, Array]) -> Iterator[str]:
    """For each review, why the models may not understand it; "" where they should."""
    shares = np.min(list(unknown.values()), 0) if unknown else np.zeros(len(documents))
    for words, share in zip(documents, shares, strict=True):
        yield language.FOREIGN if language.foreign(words) else language.UNKNOWN if share > 0.5 else ""


def problem(cell: str) -> str:
    """Why a cell cannot be scored, as far as its characters tell; "" if it can."""
    if isinstance(cell, Broken):
        return "this line cannot be read as JSON"
    if isinstance(cell, NotText):
        return "the value is not text"
    return "" if cell.strip() else "the cell is empty"


def verdicts(scores: Scores, sides: tuple[str, str] = (NEGATIVE, POSITIVE)) -> Array:
    """One verdict a row, (n,) of words: the models' common one, that they disagree, or that it is not scored.

    Args:
        sides: what 0 and 1 mean to them.
    """
    probabilities = np.stack(list(scores.probabilities.values()), 1)
    positive = probabilities >= 0.5
    found = np.where(positive.all(1), sides[1], np.where(positive.any(1), PARTED, sides[0]))
    return np.where(np.isnan(probabilities).any(1), UNSCORED, found)


def _has_letter(word: str) -> bool:
    return any(map(str.isalnum, word))
