"""From what the visitor set to one model's reading, or to a kind message."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.session import keys, resources
from components.session.kept import Kept
from components.ui import messages
from models.card import ModelCard
from models.compare.kinds import unknown_opinions
from models.errors import ArtifactError, EmptyReview, UnknownModel
from models.sentiment import Trace
from models.text import Token


def read(card: ModelCard | None, review: str) -> Trace | None:
    """Let a model read; on bad input say so in place and return None. What was read is kept in this visit alone."""
    if card is None:
        return None
    try:
        trace = trace_of(card.name, review or "")
    except (ArtifactError, EmptyReview, UnknownModel) as error:
        messages.problem(error)
        return None
    messages.unknown(trace.known, len(trace.tokens), unknown_opinions(trace.tokens))
    return trace


def kept() -> Kept:
    """What this visit has read so far."""
    found: Kept | None = st.session_state.get(keys.KEPT)
    if found is None:
        found = st.session_state[keys.KEPT] = Kept()
    return found


def trace_of(model: str, review: str) -> Trace:
    """A model's reading of a review; one of the last 20 of this visit is not made again.

    Raises:
        EmptyReview, UnknownModel, ArtifactError: where there is nothing to read, or nothing to read it with.
    """
    return kept().trace(resources.model(model), review)


def words_of(tokens: Sequence[Token]) -> pd.DataFrame:
    """One row a word: its timestep, from 1, and the word; a table to add columns to."""
    return pd.DataFrame({"timestep": range(1, len(tokens) + 1), "word": [token.text for token in tokens]})


def word_table(trace: Trace) -> pd.DataFrame:
    """One row a word: what was read, P(positive) after it, its contribution to the logit."""
    table = words_of(trace.tokens).assign(
        id=[token.id for token in trace.tokens],
        in_vocabulary=[token.known for token in trace.tokens],
        contribution=trace.contributions,
    )
    if trace.running_probabilities is not None:
        table["p_positive"] = trace.running_probabilities
    return table


def state_table(trace: Trace) -> pd.DataFrame:
    """One row a word, one column a unit of every layer's hidden state."""
    frames = [
        pd.DataFrame(
            layer.hidden_states, columns=[f"{layer.name} {unit}" for unit in range(layer.hidden_states.shape[1])]
        )
        for layer in trace.layers
    ]
    return pd.concat([word_table(trace), *frames], axis=1)
