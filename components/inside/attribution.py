"""Where the verdict came from, three ways: what each claims, how far they agree, and the exact one as a waterfall."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import streamlit as st

from components.inside.charts import attribution as charts
from components.session import keys, resources, work
from components.session.kept import last_made
from components.session.reading import words_of
from components.ui.format import agreed, signed
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.sentences import beside_words, quoted
from components.ui.theme import Palette
from components.ui.word_axis import MOST_COLUMNS
from models.card import ModelCard
from models.explain.attribution import IntegratedGradients, rank_correlation
from models.explain.view import View
from models.explain.waterfall import Step, waterfall_steps
from models.jobs import tasks
from models.wording import listed

Array = np.ndarray

# Leaving out every word in turn takes time with the square of the words; up to here it takes a tenth of a second.
MOST_OCCLUDED = 400
# Words, and words times weights, up to which this process computes it in a tenth of a second; beyond, a worker does.
_FEW_WORDS, _AT_ONCE = 150, 8_000_000
EXACT, WITHOUT, ALONG = "Exact decomposition", "Occlusion", "Integrated gradients"
_CLAIMS = {
    EXACT: (
        "how far each word moved what the verdict is read from; with the bias, the bars sum to the logit",
        "that a word alone did it: all that was read before it decides what it does",
    ),
    WITHOUT: (
        "what the verdict would lose if an unknown word stood in this word’s place",
        "to share out the verdict: two words that say the same cover for each other, and the bars have no fixed sum",
    ),
    ALONG: (
        "how the difference between this review and one of unknown words spreads over the words",
        "that this way of getting there is the only one: it leads through vectors that are no words",
    ),
}


@dataclass(frozen=True, slots=True)
class Credits:
    """The credits of one reading, each (timesteps,), nats; ``without`` is None for a review too long to try."""

    exact: Array
    without: Array | None
    along: IntegratedGradients

    @property
    def named(self) -> dict[str, Array]:
        """Those there are, by name, in the order of their rows."""
        found = {EXACT: self.exact, WITHOUT: self.without, ALONG: self.along.credits}
        return {name: credits for name, credits in found.items() if credits is not None}


def three_ways(view: View, card: ModelCard, review: str, colours: Palette) -> None:
    """Three rows of bars, what they claim, how far they agree; below, the exact decomposition as a waterfall."""
    try:
        credits = _credits(view, card, review)
    except (work.Busy, work.TaskFailed) as error:
        work.say_no_answer(error)
        return
    sentence = agreement_sentence(credits, view)
    thinned = " A bar stands for several words here." if len(view.trace.tokens) > MOST_COLUMNS else ""
    names = list(credits.named)
    panel(
        f"Where the verdict came from, {'three' if len(names) == 3 else 'two'} ways",
        f"{sentence}{thinned}",
        charts.three_ways(view, credits.named, colours),
        key="three-ways",
        alt=f"Rows of bars over {len(view.trace.tokens)} words: {', '.join(names)}. {sentence}",
        table=lambda: credit_table(view, credits),
    )
    if credits.without is None:
        plain(
            f"Occlusion reads the review once for every word. Beyond {MOST_OCCLUDED} words that is left out here; a "
            "shorter review has it.",
            muted=True,
        )
    _claims(names)
    _agreement(credits)
    plain(completeness_sentence(credits.along), muted=True)
    steps = waterfall_steps(view)
    shown, sentence = waterfall_sentence(steps, view)
    panel(
        "The exact decomposition, added up",
        sentence,
        charts.waterfall(steps, shown, colours),
        key="waterfall",
        alt=f"Waterfall from the bias over the strongest words to the logit. {sentence}",
        table=lambda: waterfall_table(steps, view),
    )


def pairs(credits: Credits) -> list[tuple[str, str, float | None]]:
    """Every two ways with their Spearman rank correlation, −1…1; None where there is nothing to rank."""
    named = credits.named
    return [(a, b, rank_correlation(named[a], named[b])) for a, b in combinations(named, 2)]


def agreement_sentence(credits: Credits, view: View) -> str:
    """Which two ways agree most and least, and whether all name the same strongest word."""
    tokens = view.trace.tokens
    if len(tokens) == 1:
        return f"There is only one word to credit, {quoted(tokens[0])}: no order to compare."
    ranked = sorted(((rho, a, b) for a, b, rho in pairs(credits) if rho is not None), reverse=True)
    strongest = {name: int(np.abs(values).argmax()) for name, values in credits.named.items() if np.any(values)}
    by_word: dict[int, list[str]] = {}
    for name, place in strongest.items():
        by_word.setdefault(place, []).append(name.lower())
    parts = [
        f"{quoted(tokens[place])} (word {place + 1})" + ("" if len(by_word) == 1 else f" for {listed(names)}")
        for place, names in by_word.items()
    ]
    if not parts:
        return "No word gets any credit."
    first = f"{'All name' if len(by_word) == 1 else 'The strongest word is'} {listed(parts)}"
    if len(by_word) == 1:
        first += " as the strongest word"
    if not ranked:
        return f"{first}; there is no order to compare."
    rho, a, b = ranked[0]
    most = f"{a.lower()} and {b.lower()} rank the words most alike (ρ = {signed(rho)})"
    if len(ranked) == 1:
        return f"{first}; {a.lower()} and {b.lower()} rank the words with ρ = {signed(rho)}."
    low, c, d = ranked[-1]
    if len(ranked) == 3 and signed(low) == signed(rho):
        return f"{first}; all three rank the words equally much alike (ρ = {signed(rho)})."
    return f"{first}; {most}, {c.lower()} and {d.lower()} least (ρ = {signed(low)})."


def completeness_sentence(found: IntegratedGradients) -> str:
    """What integrated gradients sum to, what they should, and how far off they are."""
    gap = "less than 0.01 %" if found.gap < 1e-4 else f"{100 * found.gap:.2g} %"
    return (
        f"Integrated gradients sum to {signed(float(found.credits.sum()), 3)}; this review’s logit minus that of as "
        f"many unknown words is {signed(found.difference, 3)}: the gap is {gap}, with {found.steps} points on the way."
    )


def waterfall_sentence(steps: Sequence[Step], view: View) -> tuple[list[str], str]:
    """The numbers to print beside the bars, which sum by hand at the digits shown, and the sum as a sentence."""
    numbers, decimals, logit = agreed(lambda *parts: sum(parts), [step.value for step in steps[:-1]], 2)
    shown = [signed(value, decimals) for value in numbers] + [signed(logit, 2)]
    words = [step for step in steps if step.timestep is not None]
    others = steps[-2].value if steps[-2].timestep is None else None
    parts = [sum(step.value for step in words), steps[0].value] + ([] if others is None else [others])
    (together, bias, *rest), places, _ = agreed(lambda *of: sum(of), parts, 2)
    count = "One word adds" if len(words) == 1 else f"The {len(words)} strongest words add"
    if others is None and len(words) > 1:
        count = f"All {len(words)} words add"
    left = f", all others {signed(rest[0], places)}" if rest else ""
    return shown, (
        f"{count} {signed(together, places)}{left}; with {beside_words(view.trace)} {signed(bias, places)} that makes "
        f"the logit {signed(logit, 2)}, so P(positive) = {view.trace.probability:.3f}."
    )


def credit_table(view: View, credits: Credits) -> pd.DataFrame:
    """One row a word, one column a way."""
    columns = {name.lower().replace(" ", "_"): values for name, values in credits.named.items()}
    return words_of(view.trace.tokens).assign(**columns)


def waterfall_table(steps: Sequence[Step], view: View) -> pd.DataFrame:
    """One row a bar."""
    tokens = view.trace.tokens
    return pd.DataFrame(
        {
            "bar": [step.label if step.timestep is None else tokens[step.timestep].text for step in steps],
            "timestep": pd.array([None if s.timestep is None else s.timestep + 1 for s in steps], dtype="Int64"),
            "from": [step.start for step in steps],
            "to": [step.end for step in steps],
            "adds": [step.value for step in steps],
        }
    )


def _credits(view: View, card: ModelCard, review: str) -> Credits:
    """Moving the cursor computes nothing again."""
    model, trace = resources.model(card.name), view.trace

    def made() -> Credits:
        words = len(trace.tokens)
        if words <= _FEW_WORDS and words * model.card.recurrent_parameters <= _AT_ONCE:
            without, along = tasks.credits_of(model, trace, MOST_OCCLUDED)
        else:
            asked = (tasks.named(model), review, MOST_OCCLUDED)
            without, along = work.run("credits", *asked, what="Occlusion and integrated gradients")
        return Credits(trace.contributions, without, along)

    return last_made(keys.CREDITS, (str(resources.shelf()), card.name, review), made)


def _claims(names: Sequence[str]) -> None:
    st.html(
        '<ul class="u-list">'
        + "".join(
            f"<li><b>{html.escape(name)}</b> claims {html.escape(_CLAIMS[name][0])}. It does not claim "
            f"{html.escape(_CLAIMS[name][1])}.</li>"
            for name in names
        )
        + "</ul>"
    )


def _agreement(credits: Credits) -> None:
    rows = "".join(
        f"<tr><td>{html.escape(a)} and {html.escape(b.lower())}</td>"
        '<td class="number">'
        f"{'–' if rho is None else signed(rho)}</td></tr>"
        for a, b, rho in pairs(credits)
    )
    plain(
        "Spearman’s rank correlation ρ: +1 is the same order of the words, 0 no relation, −1 the opposite order.",
        muted=True,
    )
    st.html(f'<table class="unrolled-table snug"><tbody>{rows}</tbody></table>')
