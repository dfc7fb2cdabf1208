"""Which word to change, and to what: the words that decide most, their opposites and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.compare.neighbours import nearest
from models.compare.opposites import opposites
from models.errors import EmptyReview
from models.nn.cells import sigmoid
from models.sentiment import SentimentModel
from models.text import Token, keys

_SEARCHED, _SEARCHED_LONG, _LONG = 24, 12, 400
NEIGHBOURS = 8
_TRIED = 120


def decisive(model: SentimentModel, text: str) -> int | None:
    """The word without which the verdict moves furthest towards the other side; None for fewer than two words.

    Of a long review only the ``_TRIED`` words with the largest credit are.
    """
    try:
        trace = model.trace(text)
    except EmptyReview:
        return None
    ids = np.array([token.id for token in trace.tokens], np.int32)
    if len(ids) < 2:
        return None
    places = np.sort(np.argsort(-np.abs(trace.contributions), kind="stable")[:_TRIED])
    logits = model.logits_of_ids([np.delete(ids, place) for place in places])
    towards = -logits if trace.logit >= 0 else logits
    return int(places[int(towards.argmax())])


def offers(model: SentimentModel, tokens: Sequence[Token], place: int) -> tuple[list[str], list[str], dict[str, float]]:
    """Words to put in a word's place: opposites, neighbours, and P(positive) with each of them.

    The opposites are our own list's, and the neighbour that moves the verdict furthest to the other side.
    """
    ids = np.array([token.id for token in tokens], np.int32)
    searched = _SEARCHED if len(ids) <= _LONG else _SEARCHED_LONG
    alike = nearest(model, [int(ids[place])], searched)[0]
    listed = list(opposites(tokens[place].text, model.vocabulary)[:3])
    words = list(dict.fromkeys([*listed, *alike]))
    documents = []
    for word in words:
        new = model.vocabulary.encode(keys(word))
        documents.append(np.concatenate([ids[:place], new, ids[place + 1 :]]))
    logits = model.logits_of_ids([ids, *documents])
    after = dict(zip(words, sigmoid(logits[1:].astype(np.float64)).tolist(), strict=True))
    if alike:
        strongest = min(alike, key=lambda word: after[word] if logits[0] >= 0 else -after[word])
        listed = list(dict.fromkeys([*listed, strongest]))
    return listed, alike[:NEIGHBOURS], after
