"""What the figures on the test set say: one sentence a chart, computed. Our own words and model titles only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from components.ui.format import percent, plain_number, signed
from models.card_facts import seed_accuracies
from models.figures import statistics as science
from models.figures.judged import Judged
from models.figures.records import AtThreshold, Bin, LengthSlice
from models.figures.statistics import Paired

Pair = tuple[Judged, Judged, Paired]


def best(models: Sequence[Judged]) -> Judged:
    """The one that is right most often."""
    return max(models, key=lambda model: model.figures.accuracy)


def about_accuracy(models: Sequence[Judged]) -> str:
    """Who is right most often, and whether each lead is more than chance moves."""
    first = best(models)
    accuracy, n = first.figures.accuracy, first.figures.test_reviews
    if len(models) == 1:
        return (
            f"{first.title} is right on {percent(accuracy, 1)} of {n:,} test reviews; "
            f"chance moves this by ±{100 * science.margin(accuracy, n):.1f} points."
        )
    others = sorted((m for m in models if m is not first), key=lambda model: -model.figures.accuracy)
    leads = []
    for other in others[:3]:
        lead = accuracy - other.figures.accuracy
        chance = lead_margin(first, other)
        verdict = "more" if lead > chance else "no more"
        leads.append(
            f"{_points(lead)} ahead of {other.title}, {verdict} than chance moves (±{100 * chance:.2f})"
            if lead
            else f"level with {other.title}"
        )
    return f"{first.title} is right most often, on {percent(accuracy, 2)}: {'; '.join(leads)}."


def lead_margin(first: Judged, second: Judged) -> float:
    """± that chance allows the difference of two accuracies: on the same reviews where the verdicts were kept."""
    found = part(first, second)
    return found.margin if found else science.unpaired_margin(first.figures, second.figures)


def part(first: Judged, second: Judged) -> Paired | None:
    """Where two models say different things; None where the single verdicts were not kept, or are of other reviews."""
    one, two = first.figures.right(), second.figures.right()
    if one is None or two is None or len(one) != len(two):
        return None
    return science.paired(one, two)


def about_confusion(model: Judged) -> str:
    """Both kinds of error, and whether the model leans to one side."""
    counts = model.figures.confusion
    alarms, missed = counts.false_positive, counts.false_negative
    side = "positive" if alarms > missed else "negative"
    leans = abs(alarms - missed) > 1.96 * math.sqrt(alarms + missed)
    ending = f"it leans {side}" if leans else "it leans to neither side"
    return f"{alarms:,} negative reviews called positive, {missed:,} positive ones called negative: {ending}."


def about_seeds(models: Sequence[Judged]) -> str:
    """How far the same recipes came with other seeds, in brackets; "" where none were tried."""
    ranges = [
        f"{model.title} {100 * min(found):.1f} to {percent(max(found), 1)} with {len(found)} seeds"
        for model in models
        if len(found := seed_accuracies(model.card)) > 1
    ]
    return f" ({', '.join(ranges)})" if ranges else ""


def about_duplicates(models: Sequence[Judged]) -> str:
    """How many test reviews were also read in training, and what the best model's accuracy is without them."""
    model = best(models)
    fresh = model.figures.without_duplicates
    if not fresh or not fresh.reviews or fresh.reviews == model.figures.test_reviews:
        return ""
    return (
        f"{model.figures.test_reviews - fresh.reviews:,} test reviews stand word for word among the training "
        f"reviews too; without them {model.title} is right on {percent(fresh.accuracy, 2)}."
    )


def about_roc(models: Sequence[Judged]) -> str:
    """What the area means, and the rates at threshold 0.5."""
    ordered = sorted(models, key=lambda model: -model.figures.auc)
    first = ordered[0]
    others = "".join(f", {model.title} {model.figures.auc:.4f}" for model in ordered[1:4])
    counts = first.figures.confusion
    return (
        f"{first.title} scores a positive review above a negative one in {percent(first.figures.auc, 1)} of all "
        f"pairs (AUC {first.figures.auc:.4f}{others}). At threshold 0.5 it finds {percent(counts.true_rate, 1)} of the "
        f"positive reviews and calls {percent(counts.false_rate, 1)} of the negative ones positive."
    )


def about_calibration(models: Sequence[Judged]) -> str:
    """How far the scores stray from what turned out, and in which direction."""
    ordered = sorted(models, key=_stray)
    listed = ", ".join(f"{100 * _stray(model):.1f} points ({model.title})" for model in ordered[:5])
    chance = science.chance_calibration_error(_bins(ordered[0]))
    tempers = {model.title: temper(model) for model in ordered}
    kinds = set(tempers.values())
    ending = (
        f"{'All are' if len(ordered) > 1 else 'It is'} {next(iter(kinds))}."
        if len(kinds) == 1
        else "; ".join(f"{title} is {kind}" for title, kind in tempers.items()) + "."
    )
    return (
        f"On average a score strays from what turned out by {listed}; a perfect one would by chance stray by "
        f"{100 * chance:.1f}. {ending}"
    )


def _bins(model: Judged) -> tuple[Bin, ...]:
    return model.figures.calibration.bins if model.figures.calibration else ()


def _stray(model: Judged) -> float:
    """Mean distance of a score from what turned out, 0…1; NaN where it was not measured."""
    return model.figures.calibration.expected_calibration_error if model.figures.calibration else math.nan


def temper(model: Judged) -> str:
    """Whether what turns out is more or less decided than the scores say."""
    bins = [bin_ for bin_ in _bins(model) if bin_.reviews]
    stray = sum(
        bin_.reviews * (bin_.positive - bin_.mean_probability) * (1 if bin_.mean_probability > 0.5 else -1)
        for bin_ in bins
    ) / sum(bin_.reviews for bin_ in bins)
    if abs(stray) < 0.003:
        return "neither too cautious nor too sure"
    return "a little too cautious" if stray > 0 else "a little too sure"


def scored_like(model: Judged, score: float) -> str:
    """Of the test reviews scored like this, how many were positive."""
    bin_ = model.figures.scored_alike(score)
    if bin_ is None:
        return f"{model.title}: no bin of scores holds this one."
    if bin_.reviews < science.FEW:
        return f"{model.title}: only {bin_.reviews:,} test reviews were scored like this, too few to say."
    return (
        f"Of {bin_.reviews:,} test reviews that {model.title} scored between {bin_.low:.2f} and "
        f"{bin_.high:.2f}, {percent(bin_.positive)} were positive "
        f"(±{100 * science.margin(bin_.positive, bin_.reviews):.0f})."
    )


def length_name(row: LengthSlice) -> str:
    """``100–149``, ``under 50``, ``1,000 or more`` words."""
    if not row.low:
        return f"under {row.high:,}"
    return f"{row.low:,} or more" if row.high >= 10_000 else f"{row.low:,}–{row.high - 1:,}"


def about_length(models: Sequence[Judged]) -> str:
    """Whether length matters more than chance, and where the best model is weakest and strongest."""
    model = best(models)
    every = model.figures.by_length
    rows = [row for row in every if row.reviews >= 4 * science.FEW]
    if len(rows) < 2:
        return "Too few reviews in each slice to say whether length matters."
    low, high = (choose(rows, key=lambda row: row.accuracy) for choose in (min, max))
    small = min((row for row in every if row.reviews), key=lambda row: row.reviews)
    moves = "more than chance does" if science.varies(rows) else "no more than chance does"
    note = (
        f" Only {small.reviews:,} reviews have {length_name(small)} words: that mark means little."
        if small.reviews < 4 * science.FEW
        else ""
    )
    return (
        f"Length moves {model.title}'s accuracy {moves}: from {percent(low.accuracy, 1)} "
        f"({length_name(low)} words) to {percent(high.accuracy, 1)} ({length_name(high)}).{note}"
    )


def about_stars(models: Sequence[Judged]) -> str:
    """Which ratings are hardest; that the data has no middle."""
    model = best(models)
    rows = [row for row in model.figures.by_stars if row.reviews]
    there = {row.stars for row in rows}
    gap = " There are no reviews of 5 and 6 stars in the data." if not there & {5, 6} else ""
    if len(rows) < 2:
        return f"There is one rating only.{gap}"
    low, high = (choose(rows, key=lambda row: row.accuracy) for choose in (min, max))
    mild = " Mild opinions are hardest:" if low.stars in (4, 7) else ""
    return (
        f"{mild} {model.title} is right on {percent(low.accuracy, 1)} of the reviews with {low.stars} stars and "
        f"on {percent(high.accuracy, 1)} of those with {high.stars}.{gap}"
    ).strip()


def about_share(models: Sequence[Judged]) -> str:
    """How much is known half-way, and what the end of a review brings."""
    model = best(models)
    rows = [row for row in model.figures.by_share_read if row.reviews]
    if len(rows) < 2:
        return "Too few points to say how the running prediction grows."
    middle = min(rows, key=lambda row: abs(row.share - 0.5))
    last, before = rows[-1], rows[-2]
    return (
        f"After {percent(middle.share)} of the words {model.title} is right on {percent(middle.accuracy, 1)}, "
        f"at the end on {percent(last.accuracy, 1)}; the last {percent(last.share - before.share)} alone "
        f"bring {_points(last.accuracy - before.accuracy)}."
    )


def about_threshold(models: Sequence[Judged], threshold: float) -> str:
    """What a threshold costs or brings against 0.5, and the errors it trades."""
    results = []
    for model in models[:4]:
        row = model.figures.at_threshold(threshold)
        if row is None:
            continue
        change = row.accuracy - model.figures.accuracy
        notes = [f"{signed(100 * change, 1)} points against 0.5"] if threshold != 0.5 else []
        notes += _errors(model, row)
        results.append(f"{model.title} {percent(row.accuracy, 1)}" + (f" ({', '.join(notes)})" if notes else ""))
    if not results:
        return f"None of these models was measured at a threshold of {threshold:.2f}."
    return f"Right when a review counts as positive from {threshold:.2f} on: {'; '.join(results)}."


def _errors(model: Judged, row: AtThreshold) -> list[str]:
    if row.true_positive is None or row.false_positive is None:
        return []
    missed = model.figures.confusion.positive - row.true_positive
    return [f"{row.false_positive:,} false alarms", f"{missed:,} missed"]


def pairs(models: Sequence[Judged]) -> list[Pair]:
    """Every two models whose single verdicts were kept, those that disagree most first."""
    found = [(one, two, both) for one, two in combinations(models, 2) if (both := part(one, two)) is not None]
    return sorted(found, key=lambda pair: -pair[2].disagreement)


def about_pairs(models: Sequence[Judged], found: Sequence[Pair]) -> str:
    """How often two disagree, who is right then, and how often none is."""
    one, two, both = found[0]
    ahead, behind = (one, two) if both.only_first >= both.only_second else (two, one)
    share = max(both.only_first, both.only_second) / max(1, both.only_first + both.only_second)
    chance = "more than chance gives" if abs(both.lead) > both.margin else "which chance could give"
    sentence = (
        f"{ahead.title} and {behind.title} disagree on {percent(both.disagreement, 1)} of the test reviews; "
        f"{ahead.title} is the one that is right in {percent(share)} of those, {chance}."
    )
    kept = [bits for model in models if (bits := model.figures.right()) is not None and len(bits) == both.reviews]
    if len(kept) > 2:
        right = float(np.mean(np.all(kept, axis=0)))
        wrong = float(np.mean(~np.any(kept, axis=0)))
        sentence += f" All {len(kept)} are right on {percent(right, 1)}, and none is on {percent(wrong, 1)}."
    return sentence


def _points(difference: float) -> str:
    return f"{plain_number(100 * difference, 2)} points"
