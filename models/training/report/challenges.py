"""How one model fares with what people type: our own texts, and pieces of validation reviews. Figures only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models import card_facts
from models.compare import challenges
from models.figures.records import Challenges, OpinionFigures, PairFigures, SwapFigures, TextFigures
from models.sentiment import SentimentModel
from models.text import spans
from models.training.data import imdb
from models.training.data.sentences import LEAST_WORDS, sentences

Array = np.ndarray
Predict = Callable[[Sequence[str]], Array]
_SEED = 1  # draws one sentence of each review


def measure(model: SentimentModel, dataset: imdb.Dataset) -> Challenges:
    """The part "challenges" of the figures: our own texts (see ``written``), and ``cuts`` where they are fair.

    ``cuts`` are of the labelled reviews that the training held out in blocks, never of test reviews. A network that was
    trained by another cut has met those reviews, so it gets none.
    """
    own = written(model.predict)
    size = card_facts.recipe(model.card).validation_size
    if size is None:
        return own
    _, validation = imdb.split_validation(dataset.train, imdb.SPLIT_SEED, int(size))
    return replace(own, cuts=cuts(model.predict, validation))


def written(predict: Predict) -> Challenges:
    """Figures on our own texts, by kind.

    Of contrast pairs ``original_right`` and ``edited_right`` are the shares of single texts judged rightly, and
    ``both_right`` the share of pairs: who gives both sides the same verdict has one of them right, and never both
    (contrast sets, Gardner et al. 2020). Of swapped names ``mean_spread`` and ``largest_spread`` are by how much
    P(positive) differs between the versions of one sentence, and ``verdict_changes`` counts sentences with both
    verdicts among their versions. Of opinions, those that recipes were tuned by and those held out are counted apart.
    """
    return Challenges(_pairs(predict), _singles(predict), _swaps(predict), _opinions(predict))


def cuts(predict: Predict, reviews: Sequence[imdb.Review]) -> tuple[TextFigures, ...]:
    """Accuracy on pieces of labelled reviews. A piece inherits its review's label, which it need not deserve."""
    found: dict[str, tuple[list[str], list[bool]]] = {kind: ([], []) for kind in challenges.CUTS}
    random = np.random.default_rng(_SEED)
    for review in reviews:
        for kind, text in pieces(review.text, random):
            found[kind][0].append(text)
            found[kind][1].append(review.label == 1)
    return tuple(
        _text_figures(kind, _right(predict, texts, positive)) for kind, (texts, positive) in found.items() if texts
    )


def pieces(text: str, random: np.random.Generator) -> Iterator[tuple[str, str]]:
    """The pieces of one review, ``(kind, text)``: only those that are shorter than the review."""
    words = list(spans(text))
    if not words:
        return
    yield "whole", text
    for n in (100, 50, 20, 10):
        if n < len(words):
            yield f"first_{n}_words", text[: words[n - 1][1]]
            if n <= 50:
                yield f"last_{n}_words", text[words[-n][0] :]
    every = sentences(text)
    if len(every) > 1:
        yield "first_sentence", every[0]
        yield "last_sentence", every[-1]
        long = [sentence for sentence in every if len(list(spans(sentence))) >= LEAST_WORDS]
        if long:
            yield "any_sentence", long[int(random.integers(len(long)))]


def _of_kinds(every: Sequence[Any], kinds: Iterable[str]) -> Iterator[tuple[str, Array]]:
    """Each kind, and which of the texts (n,) are of it."""
    found = np.array([one.kind for one in every])
    return ((kind, found == kind) for kind in kinds)


def _right(predict: Predict, texts: Sequence[str], positive: Iterable[bool]) -> Array:
    return np.asarray((predict(texts) > 0.5) == np.array(list(positive)))


def _pairs(predict: Predict) -> tuple[PairFigures, ...]:
    every = challenges.pairs()
    original = _right(predict, [pair.original for pair in every], (pair.positive for pair in every))
    edited = _right(predict, [pair.edited for pair in every], (not pair.positive for pair in every))
    return tuple(
        PairFigures(
            kind=kind,
            pairs=int(here.sum()),
            original_right=float(original[here].mean()),
            edited_right=float(edited[here].mean()),
            both_right=float((original & edited)[here].mean()),
        )
        for kind, here in _of_kinds(every, challenges.PAIRS)
    )


def _singles(predict: Predict) -> tuple[TextFigures, ...]:
    every = challenges.singles()
    right = _right(predict, [one.text for one in every], (one.positive for one in every))
    return tuple(_text_figures(kind, right[here]) for kind, here in _of_kinds(every, challenges.SINGLES))


def _opinions(predict: Predict) -> tuple[OpinionFigures, ...]:
    every = challenges.opinions()
    right = _right(predict, [one.text for one in every], (one.positive for one in every))
    held_out = np.array([one.held_out for one in every])
    return tuple(
        OpinionFigures(
            kind=kind,
            texts=int(here.sum()),
            tuned_right=float(right[here & ~held_out].mean()),
            held_out_right=float(right[here & held_out].mean()),
        )
        for kind, here in _of_kinds(every, challenges.OPINIONS)
    )


def _swaps(predict: Predict) -> tuple[SwapFigures, ...]:
    found = []
    for kind in challenges.SWAPS:
        read = [predict(swap.texts) for swap in challenges.swaps() if swap.kind == kind]
        spreads = [float(p.max() - p.min()) for p in read]
        found.append(
            SwapFigures(
                kind=kind,
                sentences=len(read),
                mean_spread=float(np.mean(spreads)),
                largest_spread=max(spreads),
                verdict_changes=sum(bool((p > 0.5).any() and (p <= 0.5).any()) for p in read),
            )
        )
    return tuple(found)


def _text_figures(kind: str, right: Array) -> TextFigures:
    return TextFigures(kind, len(right), float(right.mean()))
