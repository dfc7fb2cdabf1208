"""What the figures on our own texts say: the rows of the charts, and one sentence a chart, computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from components.evaluation.text import best
from components.ui.format import percent
from models.compare.challenges import CUTS, DOMAINS, OPINIONS, PAIRS, REVIEWS, SINGLES
from models.figures.judged import Judged
from models.figures.records import ChallengePart, Challenges, PairFigures
from models.figures.statistics import interval
from models.wording import listed

ALL_PAIRS = "all pairs"
DOMAIN, SIDES, OPINION = "other subjects", "sides of short pairs", "short opinions"
ORIGINALS, EDITED = "unedited reviews", PAIRS[REVIEWS]
OWN = (SINGLES["sentence"], OPINION, SIDES, DOMAIN, SINGLES["sarcasm"], SINGLES["critic"], ORIGINALS, EDITED)
Row = tuple[str, float, int]


def single_rows(model: Judged) -> Iterator[Row]:
    """``(name, accuracy, texts)``: pieces of reviews, then our own texts; all other subjects together."""
    found = _challenges(model)
    for row in found.cuts:
        yield CUTS[row.kind], row.accuracy, row.reviews
    for row in found.singles:
        if row.kind not in DOMAINS:
            yield SINGLES[row.kind], row.accuracy, row.reviews
    if found.opinions:
        halves = [(half, row.texts // 2) for row in found.opinions for half in (row.tuned_right, row.held_out_right)]
        yield OPINION, *_mean(halves)
    others = [row for row in found.singles if row.kind in DOMAINS]
    if others:
        yield DOMAIN, *_mean((row.accuracy, row.reviews) for row in others)
    short = [pair for pair in found.pairs if pair.kind != REVIEWS]
    if short:
        share, count = _mean(((pair.original_right + pair.edited_right) / 2, pair.pairs) for pair in short)
        yield SIDES, share, 2 * count
    for pair in found.pairs:
        if pair.kind == REVIEWS:
            yield ORIGINALS, pair.original_right, pair.pairs
            yield EDITED, pair.edited_right, pair.pairs


def pair_rows(model: Judged) -> Iterator[Row]:
    """``(name, share with both sides right, pairs)`` by kind, then all together."""
    for row in _challenges(model).pairs:
        yield PAIRS[row.kind], row.both_right, row.pairs
    yield ALL_PAIRS, *_all_pairs(model)


def about_singles(models: Sequence[Judged]) -> str:
    """What the best model loses when it reads less than a review, and where it falls to guessing or below."""
    return f"{about_cuts(models)} {about_own(models)}"


def about_cuts(models: Sequence[Judged]) -> str:
    """What the best model loses when it reads less than a review."""
    model = best(models)
    share = {row.kind: row.accuracy for row in _challenges(model).cuts}
    if "whole" not in share:
        return f"No pieces of reviews for {model.title}."
    pieces = {"first_sentence": "first sentences", "first_10_words": "first 10 words"}
    known = [f"{percent(share[kind])} of their {name}" for kind, name in pieces.items() if kind in share]
    rest = f", but on {listed(known)}" if known else ""
    return f"{model.title} is right on {percent(share['whole'])} of whole validation reviews{rest}."


def about_own(models: Sequence[Judged]) -> str:
    """How the best model does on the texts written for the app, and where it falls to guessing or below."""
    model = best(models)
    rows = {name: (share, count) for name, share, count in single_rows(model)}
    own = [(name, *rows[name]) for name in OWN if name in rows]
    scored = ", ".join(f"{name} {percent(share)}" for name, share, _ in own)
    below = [name for name, share, count in own if interval(share, count)[1] < 0.5]
    unsure = [name for name, share, count in own if interval(share, count)[0] <= 0.5 <= interval(share, count)[1]]
    ends = []
    if below:
        why = {SINGLES["sarcasm"]: " (it takes the words as they stand)"}
        worse = [name + why.get(name, "") for name in below]
        ends.append(f"It is worse than a coin at {listed(worse)}.")
    if unsure:
        ends.append(f"At {listed(unsure)} it could be guessing.")
    return " ".join([f"Of the texts written for Unrolled {model.title} is right on: {scored}.", *ends])


def about_pieces(models: Sequence[Judged]) -> str:
    """Where the pieces come from, what their labels are worth, and who is not among them."""
    note = "Bars: what chance allows, 95 %; the texts written for Unrolled are few, so theirs are wide."
    measured = [model for model in models if _challenges(model).cuts]
    if measured:
        count = max(row.reviews for model in measured for row in _challenges(model).cuts)
        note = (
            f"Pieces are cut from {count:,} validation reviews and keep the label of their review. Such labels are "
            "noisy: a sentence that only tells the plot deserves none, so nobody could reach 100 %. The weights did "
            f"not learn from these reviews, the choice of the epoch did. {note}"
        )
    without = [model.title for model in models if model not in measured]
    if without:
        note += (
            f" No pieces for {listed(without)}: trained with another cut, "
            f"{'it has' if len(without) == 1 else 'they have'} met those reviews."
        )
    return note


def about_pairs(models: Sequence[Judged]) -> str:
    """How many pairs each model gets right, and the kinds that are easiest and hardest for the best one."""
    ordered = sorted(models, key=lambda model: -_all_pairs(model)[0])
    model = ordered[0]
    share, count = _all_pairs(model)
    rest = [(other.title, *_all_pairs(other)) for other in ordered[1:5]]
    # A file of figures can be older than some of the pairs.
    others = ", ".join(f"{name} {round(own * n)}{'' if n == count else f' of {n}'}" for name, own, n in rest)
    kinds = _challenges(model).pairs
    high, low = (choose(kinds, key=lambda row: row.both_right) for choose in (max, min))
    chance = "more than chance gives" if interval(share, count)[0] > 0.25 else "which chance could give"
    ending = (
        f" Easiest for {model.title}: {_counted(high)}; hardest: {_counted(low)}."
        if high.both_right > low.both_right
        else ""
    )
    return (
        f"{model.title} has both sides right in {round(share * count)} of {count} pairs, {chance}"
        f"{f' ({others})' if others else ''}.{ending}"
    )


def about_opinions(models: Sequence[Judged]) -> str:
    """How many of the short opinions held out each model judges rightly, and the kind that is hardest for all."""
    ordered = sorted(models, key=lambda model: -_challenges(model).held_out_opinions[0])
    _, count = _challenges(ordered[0]).held_out_opinions
    each = ", ".join(f"{_challenges(model).held_out_opinions[0]} ({model.title})" for model in ordered[:6])
    right = {
        kind: _mean(
            (half, row.texts // 2)
            for model in models
            for row in _challenges(model).opinions
            if row.kind == kind
            for half in (row.tuned_right, row.held_out_right)
        )[0]
        for kind in OPINIONS
    }
    hardest = min(right, key=lambda kind: right[kind])
    return (
        f"Of {count} sentences such as “I dislike this” that nobody looked at while networks were tuned, so many are "
        f"judged rightly: {each}. Hardest for all together: {OPINIONS[hardest]}, {percent(right[hardest])}."
    )


def has_opinions(model: Judged) -> bool:
    """Whether the model was tried on all kinds of short opinions."""
    return {row.kind for row in _challenges(model).opinions} == OPINIONS.keys()


def opinion_table(models: Sequence[Judged]) -> pd.DataFrame:
    """Short opinions judged rightly by kind, %, one column a model."""
    return pd.DataFrame(
        {
            "kind": list(OPINIONS.values()),
            **{
                model.title: [
                    round(100 * (row.tuned_right + row.held_out_right) / 2)
                    for kind in OPINIONS
                    for row in _challenges(model).opinions
                    if row.kind == kind
                ]
                for model in models
            },
        }
    )


def about_swaps(models: Sequence[Judged]) -> str:
    """By how much P(positive) moves when only a name, country or gender is another one; the steadiest model first."""
    ordered = sorted(models, key=lambda model: _spread(model)[0])[:5]
    moves = ", ".join(f"{_spread(model)[0]:.2f} ({model.title})" for model in ordered)
    widest = max(ordered, key=lambda model: _spread(model)[1])
    _, largest, _, count = _spread(widest)
    changes = ", ".join(f"{_spread(model)[2]} ({model.title})" for model in ordered)
    return (
        "P(positive) should stay where it is when only a first name, a country or man and woman are swapped. On "
        f"average it moves by {moves}; at most by {largest:.2f} ({widest.title}). Of {count} sentences so many turn "
        f"from one verdict to the other: {changes}."
    )


def table(models: Sequence[Judged], parts: Sequence[ChallengePart]) -> pd.DataFrame:
    """All rows of these parts as they were measured, with the model they belong to."""
    rows: list[dict[str, Any]] = [
        {"model": model.title, "part": part, **row}
        for model in models
        for part in parts
        for row in _challenges(model).rows(part)
    ]
    return pd.DataFrame(rows)


def _challenges(model: Judged) -> Challenges:
    """The model's figures on our own texts; panels draw those that have them."""
    return model.figures.challenges or Challenges((), (), ())


def _all_pairs(model: Judged) -> tuple[float, int]:
    return _mean((row.both_right, row.pairs) for row in _challenges(model).pairs)


def _spread(model: Judged) -> tuple[float, float, int, int]:
    rows = _challenges(model).swaps
    mean, count = _mean((row.mean_spread, row.sentences) for row in rows)
    return mean, max(row.largest_spread for row in rows), sum(row.verdict_changes for row in rows), count


def _mean(parts: Iterable[tuple[float, int]]) -> tuple[float, int]:
    """``(mean, texts)`` of ``(value, texts)``, each value weighted by its texts."""
    values = list(parts)
    count = sum(texts for _, texts in values)
    return sum(texts * value for value, texts in values) / max(1, count), count


def _counted(row: PairFigures) -> str:
    return f"{PAIRS[row.kind]} ({round(row.both_right * row.pairs)} of {row.pairs})"
