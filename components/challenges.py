"""What people type: how the networks fare with short texts, contrast pairs and swapped names; the pairs to read."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import challenge_findings as findings
from components import comparison, edits, evaluation, inputs, resources
from components.charts.challenges import Mark, shares
from components.charts.evaluation import Judged
from components.differences import marked
from components.messages import plain, problem
from components.panel import heading, panel
from components.theme import Palette
from models import challenges
from models.challenges import Pair
from models.edits import aligned
from models.errors import ArtifactError, UnknownModel
from models.sentiment import SentimentModel

KIND, PAIR = "pair_kind", "pair"
_OPEN = "_open_pair"
_PART = "challenges"


def by_kind(models: Sequence[Judged], colours: Palette) -> None:
    """Accuracy on pieces of reviews and on our own short texts."""
    title = "Short texts, by kind"

    def draw(there: list[Judged]) -> None:
        marks = [Mark(model, *row) for model in there for row in findings.single_rows(model)]
        used = {mark.row for mark in marks}
        groups = [
            (name, rows)
            for name, kinds in (
                ("Pieces of reviews", challenges.CUTS.values()),
                ("Written for this page", findings.OWN),
            )
            if (rows := [kind for kind in kinds if kind in used])
        ]
        said = findings.about_singles(there)
        panel(
            title,
            said,
            shares(groups, marks, colours, axis="accuracy, %", chance=0.5, chance_name="tossing a coin", unit="texts"),
            key="typed",
            alt=f"Accuracy by kind of text, one mark a model; tossing a coin is right half of the time. {said}",
            table=lambda: findings.table(there, ("cuts", "singles")),
        )
        st.caption(findings.about_pieces(there))

    evaluation.panel_of(title, models, _PART, "typed", draw)


def pairs(models: Sequence[Judged], colours: Palette) -> None:
    """Contrast pairs with both sides right, by kind; then what swapping a name does."""
    there = evaluation.having(models, _PART)
    title = "Contrast pairs: both sides right"
    if not there:
        return
    said = findings.about_pairs(there)
    panel(
        title,
        said,
        shares(
            [("", [*challenges.PAIRS.values(), findings.ALL_PAIRS])],
            [Mark(model, *row) for model in there for row in findings.pair_rows(model)],
            colours,
            axis="pairs with both sides right, %",
            chance=0.25,
            chance_name="tossing a coin for each side",
            unit="pairs",
        ),
        key="contrast-pairs",
        alt=f"Share of contrast pairs with both sides judged rightly, by kind, one mark a model. {said}",
        table=lambda: findings.table(there, ("pairs",)),
    )
    st.caption(
        "A contrast pair is a short review and the smallest edit of it that means the opposite. A network "
        "that misses the difference gives both sides one verdict: right once, and never twice."
    )
    heading(
        "Another name, country or gender",
        findings.about_swaps(there),
        key="swaps",
        table=lambda: findings.table(there, ("swaps",)),
    )


def read_pairs(models: Sequence[Judged], colours: Palette) -> None:
    """The contrast pairs themselves with every model's P(positive), read when this is opened."""
    if st.session_state.pop(_OPEN, False):
        st.switch_page("pages/compare.py")
    with st.expander(
        "Read the contrast pairs", key="read-pairs", on_change="rerun", icon=":material/difference:"
    ) as box:
        if not box.open:
            return
        readers: list[tuple[Judged, SentimentModel]] = []
        for judged in models:
            try:
                readers.append((judged, resources.model(judged.card.name)))
            except (ArtifactError, UnknownModel) as error:
                problem(error)
        if not readers:
            return
        kind = st.pills(
            "Kind of difference",
            list(challenges.PAIRS),
            format_func=challenges.PAIRS.__getitem__,
            key=KIND,
            default="negation",
            required=True,
            wrap=True,
        )
        chosen = [pair for pair in challenges.pairs() if pair.kind == kind]
        _show(chosen, readers, colours)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            place = st.selectbox(
                "A pair to look into",
                range(len(chosen)),
                format_func=lambda i: f"{i + 1} · {chosen[i].original}",
                key=f"{PAIR}-{kind}",
            )
            st.button(
                "Open it in What if",
                key="open-pair",
                icon=":material/compare_arrows:",
                on_click=_look_into,
                args=(chosen[place], [judged.card.name for judged, _ in readers]),
                help="Compare reads both sides word by word",
            )


def _show(chosen: Sequence[Pair], readers: Sequence[tuple[Judged, SentimentModel]], colours: Palette) -> None:
    texts = [text for pair in chosen for text in (pair.original, pair.edited)]
    read = [model.predict(texts) for _, model in readers]
    vocabulary = readers[0][1].vocabulary
    rows = []
    for i, text in enumerate(texts):
        pair = chosen[i // 2]
        meant = pair.positive == (i % 2 == 0)
        sides = [vocabulary.tokenize(side) for side in (pair.original, pair.edited)]
        words = marked(text, sides[i % 2], aligned(*sides), ("before", "after")[i % 2], colours)
        number = f'<th scope="row" rowspan="2">{i // 2 + 1}</th>' if i % 2 == 0 else ""
        scores = "".join(_score(float(p[i]), meant, colours) for p in read)
        rows.append(
            f'<tr class="side-{i % 2}">{number}<td class="text">{words}</td>'
            f"<td>{'positive' if meant else 'negative'}</td>{scores}</tr>"
        )
    columns = "".join(f'<th scope="col">{html.escape(judged.title)}</th>' for judged, _ in readers)
    st.html(
        "<style>.contrast{border-collapse:collapse;width:100%;font-size:.97rem}"
        ".contrast th,.contrast td{padding:.3rem .8rem .3rem .2rem;text-align:left;vertical-align:top;font-weight:400}"
        ".contrast td.text{min-width:13rem;line-height:1.5}.contrast td{font-variant-numeric:tabular-nums}"
        ".contrast .text :is(span,del,ins){margin:0 .14em;outline-offset:0!important}"
        "@media (max-width:640px){.contrast{font-size:.85rem}.contrast tr>:first-child:is(th[rowspan],thead th)"
        "{display:none}.contrast td.text{min-width:8.5rem}.contrast th,.contrast td{padding-right:.45rem}}"
        f".contrast thead th{{opacity:.8}}.contrast .side-1 td,.contrast th{{border-bottom:1px solid {colours.line}}}"
        "</style>"
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Contrast pairs and their P(positive)">'
        '<table class="contrast"><thead><tr><th scope="col"><span aria-label="pair">#</span></th>'
        f'<th scope="col">Review and its edit</th><th scope="col">Means</th>{columns}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    plain("Numbers are P(positive), read just now. ✓ is the right side of 0.5, ✗ the wrong one.", muted=True)


def _score(p: float, meant: bool, colours: Palette) -> str:
    right = (p > 0.5) == meant
    weight = "" if right else f";font-weight:650;background:{colours.surface}"
    return (
        f'<td style="white-space:nowrap{weight}">{p:.2f} '
        f'<span aria-label="{"right" if right else "wrong"}">{"✓" if right else "✗"}</span></td>'
    )


def _look_into(pair: Pair, names: Sequence[str]) -> None:
    state: Any = st.session_state
    state[inputs.REVIEW], state[inputs.EXAMPLE] = pair.original, None
    state.pop(inputs.TIMESTEP, None)
    edits.load(pair.original, pair.edited, "the other side of a contrast pair")
    state[comparison.SECTION] = comparison.WHAT_IF
    if len(names) > 1:
        state[comparison.MODELS] = list(names)[: comparison.MOST_MODELS]
    state[_OPEN] = True
