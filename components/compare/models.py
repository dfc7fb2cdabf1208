"""One review through several models: choosing them, their verdicts in a table, their readings side by side."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.compare.charts.models import credits, side_by_side
from components.session import address, keys, resources
from components.session import reading as readings
from components.session.handover import MOST_COMPARED, SIDE_BY_SIDE, SMALLEST_CHANGE, WHAT_IF
from components.session.inputs import label
from components.session.pickers import several_models
from components.ui import labels, messages, word_axis
from components.ui.choice import one_of
from components.ui.format import agreeing, percent, signed
from components.ui.html_table import html_table
from components.ui.panel import heading, panel
from components.ui.sentences import quoted
from components.ui.theme import Palette
from components.ui.verdict import family_mark, in_words, position_bar, ranks
from models.card import ModelCard
from models.compare.readers import (
    Parting,
    Reader,
    agreement,
    changes_of_mind,
    common_words,
    on_axis,
    partings,
    together,
)
from models.errors import ArtifactError, EmptyReview, UnknownModel
from models.text import Token
from models.wording import listed

_SECTIONS = {SIDE_BY_SIDE: "Side by side", WHAT_IF: "What if", SMALLEST_CHANGE: "Smallest change"}


def models_picker() -> list[ModelCard]:
    """Choose two to four models; the trio at first. Empty, with a message, when there are too few to compare."""
    cards = resources.cards()
    if not cards:
        messages.empty_shelf()
        return []
    asks = "Two to four models read the same review."
    picked = several_models("Models to compare", cards, keys.COMPARE_MODELS, label, help=asks)
    labels.use(picked[:MOST_COMPARED])
    if len(picked) > MOST_COMPARED:
        st.info(
            "At most four models fit below each other; the first four are shown.",
            icon=":material/filter_list:",
        )
    elif len(picked) < 2:
        one = "One model alone has nothing to be compared with" if picked else "No model is chosen"
        st.info(f"{one}: choose two to four above.", icon=":material/compare_arrows:")
    return picked[:MOST_COMPARED]


def section_picker() -> str:
    """Which part of the page is shown; only that one is computed. The address carries it as ``?section=``.

    The address is written here and not by the widget: Streamlit refuses to switch pages while a widget is bound to it.
    """
    if st.session_state.get(keys.COMPARE_SECTION) not in _SECTIONS:
        asked = st.query_params.get(keys.COMPARE_SECTION, SIDE_BY_SIDE)
        st.session_state[keys.COMPARE_SECTION] = asked if asked in _SECTIONS else SIDE_BY_SIDE
    section = one_of("Section", _SECTIONS, keys.COMPARE_SECTION, label_visibility="collapsed")
    address.write(keys.COMPARE_SECTION, None if section == SIDE_BY_SIDE else section)
    return section


def read_all(cards: Sequence[ModelCard], review: str) -> list[Reader]:
    """Let every model read; the ones that cannot are left out with a message. Bad input is answered once."""
    readers = []
    for card in cards:
        try:
            readers.append(Reader(card, readings.trace_of(card.name, review or "")))
        except EmptyReview as error:
            messages.problem(error)
            return []
        except (ArtifactError, UnknownModel) as error:
            messages.problem(error)
    if readers:
        messages.unknown(max(reader.trace.known for reader in readers), len(readers[0].trace.tokens))
    return readers


def verdicts(readers: Sequence[Reader]) -> None:
    """A small table: each model's verdict, its changes of mind, and how far it goes along with the others."""
    words = common_words(readers)
    heading(
        "Verdicts",
        verdict_sentence(readers),
        key="verdicts",
        table=lambda: verdict_table(readers),
        part="One review, several networks",
    )
    rows, rank = [], ranks(reader.card for reader in readers)
    for reader in readers:
        p = reader.trace.probability
        along = agreement(reader, readers, words)
        changes = "–" if reader.running is None else str(changes_of_mind(reader.running))
        rows.append(
            f"<tr><td>{family_mark(reader.card, rank[reader.card.name])}</td><td>{position_bar(p)}</td>"
            f'<td class="number">{p:.3f}</td>'
            f"<td>{html.escape(in_words(p))}</td>"
            f'<td class="number">{changes}</td>'
            f'<td class="number">{"–" if along is None else percent(along)}</td></tr>'
        )
    headings = ("model", "0 … 1", "P(positive)", "verdict", "changes of mind", "same side as others")
    html_table(headings, rows, "Verdicts", right=(2, 4, 5))
    whole = [reader.card.title for reader in readers if reader.running is None]
    if whole:
        messages.plain(
            f"{listed(whole)} {agreeing(len(whole), 'reads', 'read')} the review from both ends before judging, so "
            "there is a verdict but no prediction after every word.",
            muted=True,
        )
    cut = [f"{r.card.title} {len(r.trace.tokens):,}" for r in readers if r.trace.unread]
    if cut:
        messages.plain(f"The review is longer than models read. Words read of it: {', '.join(cut)}.", muted=True)


def readings_side_by_side(readers: Sequence[Reader], colours: Palette) -> None:
    """The rows of running predictions with their states on demand, and the rows of credit."""
    states = st.toggle("Show the hidden states beneath", key=keys.COMPARE_STATES, persist_state="session")
    running_side_by_side(readers, states, colours)
    credit_side_by_side(readers, colours)


def running_side_by_side(readers: Sequence[Reader], states: bool, colours: Palette) -> None:
    """P(positive) after every word, a row a model, with the hidden states beneath where ``states`` says so."""
    words = common_words(readers)
    found = together(partings(readers, words))
    if not states and all(reader.running is None for reader in readers):
        messages.plain("These networks read from both ends: switch on the hidden states to see both directions.")
        return
    panel(
        "P(positive) after every word, model by model",
        parting_sentence(found, words),
        side_by_side(readers, words, [parting for parting in found[:3] if parting.gap > 0], states, colours),
        key="side-by-side",
        alt="One row a model on one word axis: P(positive) after every word"
        + (", with the hidden states beneath" if states else "")
        + ". "
        + "; ".join(f"{r.card.title} ends at {r.trace.probability:.2f}" for r in readers),
        table=lambda: word_table(readers),
    )


def credit_side_by_side(readers: Sequence[Reader], colours: Palette) -> None:
    """What every word added to each verdict, a row a model."""
    words = common_words(readers)
    panel(
        "What each word did to each verdict",
        credit_sentence(readers) + _thinned_note(words),
        credits(readers, words, colours),
        key="credits",
        alt="One row of bars a model: what every word added to the logit, up towards positive, down towards negative",
        table=lambda: word_table(readers),
    )


def verdict_sentence(readers: Sequence[Reader]) -> str:
    """Who says what."""
    positive = [reader.card.title for reader in readers if reader.positive]
    negative = [reader.card.title for reader in readers if not reader.positive]
    if len(readers) == 1:
        return f"{readers[0].card.title} calls it {'positive' if positive else 'negative'}."
    if not positive or not negative:
        how_many = {2: "Both", 3: "All three", 4: "All four"}.get(len(readers), "All")
        apart = max(r.trace.probability for r in readers) - min(r.trace.probability for r in readers)
        return f"{how_many} models call it {'positive' if positive else 'negative'}; they lie {apart:.2f} apart."
    return (
        f"{listed(positive)} {agreeing(len(positive), 'calls', 'call')} it positive, "
        f"{listed(negative)} {agreeing(len(negative), 'calls', 'call')} it negative."
    )


def parting_sentence(found: Sequence[Parting], words: Sequence[Token]) -> str:
    """Where they part ways, the two clearest cases."""
    if not found:
        return "Fewer than two of these models have a prediction after every word, so there is nothing to part."
    if not found[0].apart:
        widest = found[0]
        if widest.gap < 0.005:
            return "They read it alike: at no word do they lie apart."
        return (
            f"They stand on the same side after every word. {widest.names} lie furthest apart, by {widest.gap:.2f}, "
            f"after {quoted(words[widest.timestep])} (word {widest.timestep + 1})."
        )
    parts = []
    for parting in found[:2]:
        text = f"{parting.names} part at {quoted(words[parting.timestep])} (word {parting.timestep + 1})"
        if parting.until is None:
            text += " and end on different sides"
        else:
            text += f" and meet again at {quoted(words[parting.until])} (word {parting.until + 1})"
        parts.append(text)
    return "; ".join(parts) + "."


def credit_sentence(readers: Sequence[Reader]) -> str:
    """The word that moved each model most."""
    parts = []
    for reader in readers:
        values = reader.trace.contributions
        most = int(np.abs(values).argmax())
        value = signed(values[most], 1)
        parts.append(f"{reader.card.title} is moved most by {quoted(reader.trace.tokens[most])} ({value})")
    return "; ".join(parts) + "."


def verdict_table(readers: Sequence[Reader]) -> pd.DataFrame:
    """One row a model, for the CSV."""
    words = common_words(readers)
    return pd.DataFrame(
        [
            {
                "model": reader.card.name,
                "family": reader.card.family,
                "p_positive": reader.trace.probability,
                "verdict": "positive" if reader.positive else "negative",
                "changes_of_mind": None if reader.running is None else changes_of_mind(reader.running),
                "same_side_as_others": agreement(reader, readers, words),
                "words_read": len(reader.trace.tokens),
            }
            for reader in readers
        ]
    )


def word_table(readers: Sequence[Reader]) -> pd.DataFrame:
    """One row a word; of every model P(positive) after it (where there is one) and its credit."""
    words = common_words(readers)
    table = readings.words_of(words)
    for reader in readers:
        if reader.running is not None:
            table[f"{reader.card.name} p_positive"] = on_axis(reader, reader.running, words)
        table[f"{reader.card.name} contribution"] = on_axis(reader, reader.trace.contributions, words)
    return table


def _thinned_note(words: Sequence[Token]) -> str:
    columns = len(word_axis.columns(len(words)))
    return "" if columns == len(words) else f" {len(words):,} words share {columns} bars: each is a mean."
