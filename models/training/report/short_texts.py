"""What a model card says of texts that people type rather than reviews as the dataset has them."""

from __future__ import annotations

from models.compare.challenges import CUTS, DOMAINS, OPINIONS, PAIRS, REVIEWS
from models.figures.records import Challenges
from models.wording import percent


def short_texts(found: Challenges | None) -> list[str]:
    """What people type rather than reviews as the dataset has them, from the part "challenges" of the figures."""
    if not found:
        return ["- Short texts, negation, sarcasm, swapped names and other subjects than films were not measured."]
    lines = []
    cut = {row.kind: row for row in found.cuts}
    pieces = [kind for kind in ("whole", "first_100_words", "first_20_words", "any_sentence") if kind in cut]
    if pieces:
        listed = ", ".join(f"{CUTS[kind]} {percent(cut[kind].accuracy)}" for kind in pieces)
        lines.append(
            f"- Pieces of the {cut[pieces[0]].reviews:,} validation reviews, with the label of the whole, which "
            f"many do not deserve: {listed} right."
        )
    singles = {row.kind: (row.reviews, row.accuracy) for row in found.singles}
    others = [singles[kind] for kind in DOMAINS if kind in singles]
    groups = [
        ("short sentences about films", singles.get("sentence")),
        ("sarcastic reviews", singles.get("sarcasm")),
        ("one-liners as critics write them", singles.get("critic")),
    ]
    if others:
        n = sum(count for count, _ in others)
        groups.insert(1, (f"reviews of {', '.join(DOMAINS.values())}", (n, sum(c * share for c, share in others) / n)))
    listed = "; ".join(f"{row[0]} {name}: {percent(row[1])} right" for name, row in groups if row)
    lines.append(
        f"- Texts written for this project, half of each kind positive; they were looked at while recipes were "
        f"compared. {listed}."
    )
    lines += _opinions(found)
    pairs = found.pairs
    both, n = sum(row.both_right * row.pairs for row in pairs), sum(row.pairs for row in pairs)
    kinds = ", ".join(f"{PAIRS[row.kind]} {round(row.both_right * row.pairs)} of {row.pairs}" for row in pairs)
    lines.append(
        f"- Negation and its like: of {n} pairs of a text and a small edit of it that means the opposite, both sides "
        f"are judged rightly in {round(both)} ({percent(both / n)}; two tosses of a coin: 25 %). By kind: {kinds}."
    )
    lines += [
        f"- {row.pairs} of these pairs are whole reviews: {percent(row.original_right)} of the originals and "
        f"{percent(row.edited_right)} of the edited reviews are judged rightly."
        for row in pairs
        if row.kind == REVIEWS
    ]
    swaps = found.swaps
    n = sum(row.sentences for row in swaps)
    lines.append(
        "- Names: swapping only a first name, a country, or man and woman moves P(positive) by "
        f"{sum(row.mean_spread * row.sentences for row in swaps) / n:.2f} on average and "
        f"{max(row.largest_spread for row in swaps):.2f} at most, and the verdict on "
        f"{sum(row.verdict_changes for row in swaps)} of {n} sentences."
    )
    return lines


def _opinions(found: Challenges) -> list[str]:
    right, n = found.held_out_opinions
    if not n:
        return []
    worst = sorted(found.opinions, key=lambda row: row.tuned_right + row.held_out_right)[:3]
    kinds = ", ".join(
        f"{OPINIONS[row.kind]} {round((row.tuned_right + row.held_out_right) / 2 * row.texts)} of {row.texts}"
        for row in worst
    )
    return [
        f"- {2 * n} short opinions written for this project, half of each kind positive; {n} of them were not looked "
        f"at while recipes were compared: of these {right} are judged rightly ({percent(right / n)}). Worst of all "
        f"{2 * n}: {kinds}."
    ]
