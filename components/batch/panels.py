"""The Batch page at work: which models, start and progress, and the table of every review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.batch import text
from components.batch.job import Batch
from components.session import inputs, keys, resources, work
from components.session.handover import leave_if_asked, open_review
from components.session.pickers import several_models
from components.ui.choice import one_of
from components.ui.format import counted
from components.ui.labels import now as sides_now
from components.ui.labels import relabelled, use
from components.ui.messages import empty_shelf, plain, problem
from components.ui.panel import heading
from components.ui.theme import Palette
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.scoring.scoring import NEGATIVE, PARTED, POSITIVE, UNSCORED, verdicts
from models.sentiment import SentimentModel

Array = np.ndarray
Cards = Mapping[str, ModelCard]
_EVERY, _WRONG = "all", "wrong by label"
_LATEST = 200
_MOST_SOUGHT = 1_000  # characters
_LOOKS = 1.0, 0.25  # a look costs 10 ms or so


def models_picker() -> dict[str, ModelCard]:
    """Choose one or several models, the trio at first; in the order of the shelf. Empty with a message."""
    cards = resources.cards()
    if not cards:
        empty_shelf()
        return {}
    chosen = several_models("Models", cards, keys.BATCH_MODELS, inputs.label)
    if not chosen:
        st.info("Choose at least one model.", icon=":material/touch_app:")
    _speak(chosen)
    return {card.name: card for card in chosen}


def _speak(chosen: Sequence[ModelCard]) -> None:
    """Say the models' own words; what only brought networks read are texts, whatever they are."""
    use(chosen, texts=bool(chosen) and all(card.facts.get("brought") for card in chosen))


def loaded(cards: Cards) -> dict[str, SentimentModel]:
    """The models that can be loaded; what is wrong with the others is said."""
    found = {}
    for name in cards:
        try:
            found[name] = resources.model(name)
        except (ArtifactError, UnknownModel) as error:
            problem(error)
    return found


def score_controls(batch: Batch, models: Mapping[str, SentimentModel]) -> None:
    """Score a small batch at once; of a large one, offer to start, or to go on after a stop."""
    names = list(models)
    missing = batch.missing(names)
    if batch.error:
        st.error(
            f"Scoring stopped: {batch.error}. What was scored so far is kept; try again to go on.",
            icon=":material/error:",
        )
    if st.session_state.pop(keys.BATCH_REFUSED, False):
        work.say_busy()
    if not missing or batch.running:
        return
    if batch.quick([model.card for model in models.values()]):
        batch.run(models)
        return
    begun = batch.share(names) > 0
    left = sum(len(batch) - batch.done.get(name, 0) for name in missing)
    reviews = counted(len(batch), "review") + (f" with {len(missing)} models" if len(missing) > 1 else "")
    # The callback runs before the page does, so that the page is drawn with the run already under way.
    st.button(
        f"Go on: {counted(left, 'reading')} left" if begun else f"Score {reviews}",
        icon=":material/play_arrow:",
        on_click=_start,
        args=(batch, dict(models)),
        key="batch_start",
    )


def _start(batch: Batch, models: dict[str, SentimentModel]) -> None:
    try:
        batch.start(models, work.submit)
    except work.Busy:
        st.session_state[keys.BATCH_REFUSED] = True


def _queue(batch: Batch) -> str:
    """How many files and searches have their turn before this one, if any."""
    return f"; {work.stands(batch.job)}" if batch.job is not None and batch.job.place > 1 else ""


def watch(batch: Batch, cards: Cards, colours: Palette) -> None:
    """How far a run has come, redrawn every second, or less often where many wait; the whole page follows its end."""
    every = work.look_every(*_LOOKS)
    st.fragment(_progress, run_every=every)(batch, cards, colours, every)


def _progress(batch: Batch, cards: Cards, colours: Palette, every: float) -> None:
    if not batch.running or work.looks_too_seldom(every, *_LOOKS):
        st.rerun()
    names = list(cards)
    share = batch.share(names)
    spent = batch.job.served if batch.job is not None else 0.0
    rate = (share - batch.begun) / spent if spent else 0.0
    left = f", about {_duration((1 - share) / rate)} left" if rate > 0 else ""
    readings = round(share * len(batch) * len(names))
    st.progress(min(1.0, share), f"{readings:,} of {len(batch) * len(names):,} readings{left}{_queue(batch)}")
    st.button("Cancel", icon=":material/stop:", on_click=batch.cancel, key="batch_cancel")
    begun = [name for name in names if batch.done.get(name, 0)]
    if begun:
        text.spread(batch, {name: cards[name] for name in begun}, colours)
        reached = min(batch.done[name] for name in begun)
        latest = np.arange(max(0, reached - _LATEST), reached)[::-1]
        plain(f"The latest {len(latest):,} of {reached:,} reviews:", muted=True)
        st.dataframe(
            _table(batch, {name: cards[name] for name in begun}, latest),
            column_config=_config(cards, colours),
            hide_index=True,
            placeholder="–",
            height=260,
            key=f"batch_latest_{batch.number}",
        )


@st.fragment
def every_review(batch: Batch, cards: Cards, colours: Palette) -> None:
    """The sortable, filterable table of all reviews; a chosen row can be opened on Read, all of it downloaded."""
    leave_if_asked()
    _speak(list(cards.values()))
    scores = batch.scores(list(cards))
    outcomes, labels = verdicts(scores), batch.labels
    heading("Every review", _count_sentence(outcomes), key="batch-table")
    sides = sides_now()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        options = [_EVERY, *(v for v in (POSITIVE, NEGATIVE, PARTED, UNSCORED) if (outcomes == v).any())]
        wrong = _wrong(scores.probabilities, labels.positive) if labels else np.zeros(len(batch), bool)
        options += [_WRONG] if wrong.any() else []
        if st.session_state.get(keys.BATCH_VERDICT) not in options:
            st.session_state[keys.BATCH_VERDICT] = _EVERY
        kind = one_of("Verdict", {option: relabelled(option) for option in options}, keys.BATCH_VERDICT)
        contains = st.text_input(
            "Text contains", key="batch_contains", persist_state="session", width=240, max_chars=_MOST_SOUGHT
        )
        st.download_button(
            "Download CSV",
            data=lambda: batch.csv(list(cards), sides),
            file_name="unrolled-scored.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="All rows and columns in their order, with the scores. A cell that a spreadsheet would run as a "
            "formula (it begins with = + - @) gets an apostrophe in front; numbers are left alone.",
        )
    shown = np.ones(len(batch), bool) if kind == _EVERY else wrong if kind == _WRONG else outcomes == kind
    if contains:
        needle = contains.lower()
        shown &= np.array([needle in cell.lower() for cell in batch.cells])
    places = np.flatnonzero(shown)
    if not len(places):
        plain("No review is like that. Choose another verdict, or empty the text field.", muted=True)
        return
    # Another selection of rows is another table: a row number that was chosen before would mean another review.
    key = f"batch_table_{batch.number}_{hash((kind, contains, tuple(cards))) & 0xFFFFFF}"
    event = st.dataframe(
        _table(batch, cards, places),
        column_config=_config(cards, colours),
        hide_index=True,
        placeholder="–",
        height=min(460, 38 + 35 * len(places)),
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=f"{counted(len(places), 'review')} with P({sides[1]}) by each model, verdict, tokens and unknown share",
    )
    rows = [row for row in event["selection"]["rows"] if row < len(places)]
    if rows:
        _chosen(batch, int(places[rows[0]]), cards)
    else:
        plain("Choose a row, at its left edge, to read that review word by word.", muted=True)


def _chosen(batch: Batch, place: int, cards: Cards) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container(width="stretch"):
            cell = batch.cells[place]
            plain(f"Row {place + 1}: {cell[:400]}{'…' if len(cell) > 400 else ''}")
        st.button(
            "Open on Read",
            icon=":material/chat_bubble:",
            key="batch_open",
            on_click=_hand_over,
            args=(cell, list(cards)),
        )


def _hand_over(review: str, names: list[str]) -> None:
    """Open a review on Read, by one of the models it was scored with."""
    chosen = st.session_state.get(keys.MODEL)
    open_review(review, model=chosen if chosen in names else names[0], page="read")


def _table(batch: Batch, cards: Cards, places: Array) -> pd.DataFrame:
    """What the tables show of some rows: number, verdict, P(positive) by model, excerpt, label, tokens, unknown."""
    scores = batch.scores(list(cards))
    # The numbers stand before the text, so that a telephone shows them.
    columns: dict[str, object] = {
        "row": places + 1,
        "verdict": [relabelled(verdict) for verdict in verdicts(scores)[places].tolist()],
    }
    columns |= {f"p_{name}": values[places] for name, values in scores.probabilities.items()}
    columns["review"] = [batch.excerpt(place) for place in places.tolist()]
    if (labels := batch.labels) is not None:
        words = {True: relabelled(POSITIVE), False: relabelled(NEGATIVE), None: ""}
        columns["label"] = [words[labels.positive[place]] for place in places]
    columns["tokens"] = scores.tokens[places]
    columns["unknown"] = 100 * scores.unknown[next(iter(cards))][places]
    notes = [scores.notes[place] for place in places]
    if any(notes):
        columns["note"] = notes
    return pd.DataFrame(columns)


def _config(cards: Cards, colours: Palette) -> dict[str, Any]:
    column = st.column_config
    config: dict[str, Any] = {
        "row": column.NumberColumn("Row", width=60, help="Its place in the file"),
        "review": column.TextColumn("Review", width="large"),
        "verdict": column.TextColumn("Verdict", width=115),
        "label": column.TextColumn("Label", width=80, help="What the file says"),
        "tokens": column.NumberColumn("Tokens", width=70, format="%d"),
        "unknown": column.NumberColumn("Unknown", width=80, format="%.1f %%", help="Words out of vocabulary"),
        "note": column.TextColumn("Note", width="medium"),
    }
    for name, card in cards.items():
        config[f"p_{name}"] = column.ProgressColumn(
            card.title,
            width=125,
            format="%.3f",
            min_value=0,
            max_value=1,
            color=colours.families.get(card.family, colours.ink),
            help=relabelled("P(positive)"),
        )
    return config


def _wrong(probabilities: Mapping[str, Array], positive: Sequence[bool | None]) -> Array:
    """(n,) whether any model's verdict is not what the label says."""
    truth = np.array([np.nan if value is None else float(value) for value in positive])
    wrong = [(np.abs((values >= 0.5) - truth) == 1) & ~np.isnan(values) for values in probabilities.values()]
    return np.asarray(np.any(wrong, axis=0))


def _count_sentence(outcomes: Array) -> str:
    counts = [(kind, int((outcomes == kind).sum())) for kind in (POSITIVE, NEGATIVE, PARTED, UNSCORED)]
    words = {POSITIVE: "positive", NEGATIVE: "negative", PARTED: "on which the models disagree", UNSCORED: "not scored"}
    return f"{counted(len(outcomes), 'row')}: " + ", ".join(f"{n:,} {words[kind]}" for kind, n in counts if n) + "."


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
