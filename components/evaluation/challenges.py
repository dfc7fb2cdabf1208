"""What people type: how the networks fare with our own texts, contrast pairs and swapped names; the pairs to read."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from components.evaluation import challenge_text as findings
from components.evaluation import controls as evaluation
from components.evaluation.charts.challenges import shares
from components.session import keys, resources
from components.session.handover import open_review
from components.ui import styles
from components.ui.edited_text import marked
from components.ui.messages import kept_whole, plain, problem
from components.ui.panel import heading, panel
from components.ui.theme import Palette
from models.compare import challenges
from models.compare.challenges import Pair
from models.compare.edits import aligned
from models.errors import ArtifactError, UnknownModel
from models.figures.judged import Judged, Mark
from models.figures.records import Part
from models.sentiment import SentimentModel

REVIEWS_AT_ONCE = 6  # pairs of whole reviews that are read and shown; of short pairs a kind has few
_PART: Part = "challenges"
Readers = list[tuple[Judged, SentimentModel]]

_GROUPS = {"Pieces of reviews": tuple(challenges.CUTS.values()), "Written for Unrolled": findings.OWN}
_KINDS: dict[str, tuple[str, Callable[[Sequence[Judged]], str]]] = {
    "": ("Texts by kind", findings.about_singles),
    "Pieces of reviews": ("Pieces of reviews", findings.about_cuts),
    "Written for Unrolled": ("Texts written for Unrolled", findings.about_own),
}


def by_kind(models: Sequence[Judged], colours: Palette, only: str = "") -> None:
    """Accuracy on pieces of reviews and on our own texts; ``only`` one of these two groups, if it is named."""
    title, says = _KINDS[only]

    def draw(there: list[Judged]) -> None:
        marks = [Mark(model, *row) for model in there for row in findings.single_rows(model)]
        used = {mark.row for mark in marks}
        groups = [
            (name, rows)
            for name, kinds in _GROUPS.items()
            if only in ("", name) and (rows := [kind for kind in kinds if kind in used])
        ]
        drawn = [row for _, rows in groups for row in rows]
        sentence = says(there)
        panel(
            title,
            sentence,
            shares(
                groups,
                [mark for mark in marks if mark.row in drawn],
                colours,
                axis="accuracy, %",
                chance=0.5,
                chance_name="tossing a coin",
                unit="texts",
            ),
            key="typed",
            alt=f"Accuracy by kind of text, one mark a model; tossing a coin is right half of the time. {sentence}",
            table=lambda: findings.table(there, ("cuts", "singles")),
        )
        st.caption(kept_whole(findings.about_pieces(there)))

    evaluation.panel_of(title, models, _PART, "typed", draw)


def pairs(models: Sequence[Judged], colours: Palette) -> None:
    """Contrast pairs with both sides right, by kind; then what swapping a name does."""
    there = evaluation.having(models, _PART)
    title = "Contrast pairs: both sides right"
    if not there:
        return
    sentence = findings.about_pairs(there)
    marks = [Mark(model, *row) for model in there for row in findings.pair_rows(model)]
    used = {mark.row for mark in marks}
    panel(
        title,
        sentence,
        shares(
            [("", [kind for kind in (*challenges.PAIRS.values(), findings.ALL_PAIRS) if kind in used])],
            marks,
            colours,
            axis="pairs with both sides right, %",
            chance=0.25,
            chance_name="tossing a coin for each side",
            unit="pairs",
        ),
        key="contrast-pairs",
        alt=f"Share of contrast pairs with both sides judged rightly, by kind, one mark a model. {sentence}",
        table=lambda: findings.table(there, ("pairs",)),
    )
    st.caption(
        "A contrast pair is a text and a small edit of it that means the opposite: a sentence or two, and for the "
        "edited reviews a whole one. A network that misses the difference gives both sides one verdict: right once, "
        "and never twice."
    )
    brief = [model for model in there if findings.has_opinions(model)]
    if brief:
        heading(
            "Short opinions",
            findings.about_opinions(brief),
            key="opinions",
            table=lambda: findings.opinion_table(brief),
        )
    heading(
        "Another name, country or gender",
        findings.about_swaps(there),
        key="swaps",
        table=lambda: findings.table(there, ("swaps",)),
    )


def read_pairs(models: Sequence[Judged]) -> None:
    """The contrast pairs themselves with every model's P(positive), read when this is opened."""
    with st.expander(
        "Read the contrast pairs", key="read-pairs", on_change="rerun", icon=":material/difference:"
    ) as box:
        if not box.open:
            return
        readers: Readers = []
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
            key=keys.PAIR_KIND,
            default="negation",
            required=True,
            wrap=True,
        )
        chosen, start = [pair for pair in challenges.pairs() if pair.kind == kind], 0
        if kind == challenges.REVIEWS:
            count = len(chosen)
            start = REVIEWS_AT_ONCE * (st.pagination(-(-count // REVIEWS_AT_ONCE), key=keys.PAIR_PAGE) - 1)
            chosen = chosen[start : start + REVIEWS_AT_ONCE]
            plain(f"Pairs {start + 1} to {start + len(chosen)} of {count}.", muted=True)
            _reviews(_read(chosen, readers), start, readers)
        else:
            _table(_read(chosen, readers), readers)
        plain("Numbers are P(positive), read just now. ✓ is the right side of 0.5, ✗ the wrong one.", muted=True)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            place = st.selectbox(
                "A pair to look into",
                range(len(chosen)),
                format_func=lambda i: f"{start + i + 1} · {chosen[i].original}",
                key=f"{keys.PAIR}-{kind}-{start}",
                width=640,  # on a phone the button then goes below it
            )
            st.button(
                "Open it in What if",
                key="open-pair",
                icon=":material/compare_arrows:",
                on_click=_look_into,
                args=(chosen[place], [judged.card.name for judged, _ in readers]),
                help="Compare reads both sides word by word",
            )


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a pair: its words as HTML with the edit marked, what it means, and each model's P(positive)."""

    words: str
    positive: bool
    scores: tuple[float, ...]

    @property
    def means(self) -> str:
        return "positive" if self.positive else "negative"

    def marks(self) -> Iterator[tuple[str, str]]:
        """``(class, HTML)`` of each model's score."""
        for p in self.scores:
            right = (p > 0.5) == self.positive
            sign = f'<span role="img" aria-label="{"right" if right else "wrong"}">{"✓" if right else "✗"}</span>'
            yield "score" if right else "score wrong", f"{p:.2f} {sign}"


def _read(chosen: Sequence[Pair], readers: Readers) -> list[_Side]:
    """Both sides of these pairs and of no others, one after the other, read by every model."""
    texts = [text for pair in chosen for text in (pair.original, pair.edited)]
    scores = zip(*(model.predict(texts).tolist() for _, model in readers), strict=True)
    vocabulary = readers[0][1].vocabulary
    sides = []
    for pair in chosen:
        both = [vocabulary.tokenize(side) for side in (pair.original, pair.edited)]
        columns = aligned(*both)
        for text, tokens, side in zip((pair.original, pair.edited), both, ("before", "after"), strict=True):
            words = marked(text, tokens, columns, side)
            sides.append(_Side(words, pair.positive == (side == "before"), next(scores)))
    return sides


def _table(sides: Sequence[_Side], readers: Readers) -> None:
    """Short pairs: a row a side, a column a model."""
    rows = []
    for i, side in enumerate(sides):
        number = f'<th scope="row" rowspan="2">{i // 2 + 1}</th>' if i % 2 == 0 else ""
        scores = "".join(f'<td class="{kind}">{score}</td>' for kind, score in side.marks())
        rows.append(
            f'<tr class="side-{i % 2}">{number}<td class="text">{side.words}</td><td>{side.means}</td>{scores}</tr>'
        )
    columns = "".join(f'<th scope="col">{html.escape(judged.title)}</th>' for judged, _ in readers)
    st.html(
        styles.tag("evaluation/challenges.css")
        + '<div class="contrast-table" tabindex="0" role="region" aria-label="Contrast pairs and their P(positive)">'
        '<table class="contrast"><thead><tr><th scope="col"><span aria-label="pair">#</span></th>'
        f'<th scope="col">Review and its edit</th><th scope="col">Means</th>{columns}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _reviews(sides: Sequence[_Side], start: int, readers: Readers) -> None:
    """Whole reviews: the two sides next to each other where there is room, every model's score below its side."""
    titles = [html.escape(judged.title) for judged, _ in readers]
    cells = []
    for i, side in enumerate(sides):
        name = f"{start + i // 2 + 1} · {'edited' if i % 2 else 'original'}"
        scores = "".join(
            f'<li class="{kind}"><span>{title}</span> {score}</li>'
            for title, (kind, score) in zip(titles, side.marks(), strict=True)
        )
        cells.append(
            f'<section class="side-{i % 2}"><h4>{name}, means <b>{side.means}</b></h4>'
            f'<p class="text">{side.words}</p><ul>{scores}</ul></section>'
        )
    st.html(styles.tag("evaluation/challenges.css") + f'<div class="contrast reviews">{"".join(cells)}</div>')


def _look_into(pair: Pair, names: Sequence[str]) -> None:
    open_review(
        pair.original,
        edited=(pair.edited, "the other side of a contrast pair"),
        compare=names if len(names) > 1 else (),
        page="compare",
    )
