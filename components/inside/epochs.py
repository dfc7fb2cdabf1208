"""The section on growth: one of our examples as the network read it after every epoch of its training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from components.inside.charts import epochs as charts
from components.inside.controls import clicked
from components.inside.state_space import unavailable
from components.session import resources
from components.session.reading import words_of
from components.ui.format import signed
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.sentences import quoted
from components.ui.theme import Palette
from models.card import ModelCard
from models.errors import ArtifactError
from models.examples import BY_NAME
from models.explain.epochs import Growth, ReviewGrowth
from models.explain.view import View, sorted_units
from models.history.history import History
from models.text import Token

Array = np.ndarray


@st.fragment
def growth(view: View, card: ModelCard, colours: Palette) -> None:
    """The epochs to step through, the reading after the chosen one, and the loss curve."""
    try:
        found = resources.growth(card)
    except ArtifactError as error:
        unavailable(error, "How this network read while it was being trained is not known here.")
        return
    review, cursor = _review(view, found)
    epoch = _epoch(card, found)
    layer = found.layers.index(view.layer.name) if view.layer.name in found.layers else len(found.layers) - 1
    place = [each.name for each in view.trace.layers].index(found.layers[layer])
    trainings, damaged = resources.histories()
    history = trainings.get(card.name)
    for one in damaged:
        if one.model == card.name:
            unavailable(one, "The loss curve cannot be drawn.")
    sentence = insight(review, found, epoch, layer, history)
    named = "" if len(found.layers) == 1 else f" ({found.layers[layer].removeprefix('layer ')})"
    title = f"“{BY_NAME[review.name].title}” as read after epoch {found.epochs[epoch]}{named}"
    panel(
        title,
        sentence,
        charts.reading(
            review, found, epoch, layer, sorted_units(view.trace, place, view.order), cursor, card.family, colours
        ),
        key="growth",
        alt=f"{title}: running prediction and hidden states at {len(review.tokens)} words. {sentence}",
        table=lambda: table(review, found),
    )
    overview = about_epochs(review, found)
    panel(
        "Loss, and the verdict on this review, epoch by epoch",
        overview,
        charts.loss(history, review, found, epoch, card.family, colours),
        key="growth-loss",
        alt=f"Loss after each of {len(found.epochs)} epochs and P(positive) of this review. {overview}",
        table=lambda: loss_table(review, found, history),
        on_select=partial(_choose, "growth-loss", card, len(found.epochs)),
        selection_mode="points",
    )
    plain(
        "The loss, in nats, is how much the right answers surprise the network: 0.693 is a coin’s, 0 would be no "
        "surprise at all. Every epoch is a real, saved state of the network; there is nothing between them. Click a "
        "point to go to its epoch.",
        muted=True,
    )


def same_review(view: View, found: Growth) -> str | None:
    """Which of the examples is on the page, by its words; None if it is none of them."""

    def read(tokens: Sequence[Token]) -> list[tuple[int, str]]:
        return [(token.id, token.text) for token in tokens]

    here = read(view.trace.tokens)
    return next((name for name, review in found.reviews.items() if read(review.tokens) == here), None)


def _review(view: View, found: Growth) -> tuple[ReviewGrowth, int | None]:
    """The example to show, and the cursor where it is the review on the page."""
    here = same_review(view, found)
    if here is None:
        plain(
            "Earlier epochs of this network were recorded on our example reviews only, not on your own text: choose "
            "one of them."
        )
    names = list(found.reviews)
    name = st.selectbox(
        "Example review",
        names,
        index=names.index(here) if here else 0,
        format_func=lambda name: BY_NAME[name].title,
        key=f"growth-example/{here}",
        width=320,
    )
    return found.reviews[name], view.cursor if name == here else None


def _epoch(card: ModelCard, found: Growth) -> int:
    """The chosen epoch, as an index; begins with the first one, where growing begins."""
    key, last = f"epoch/{card.name}", len(found.epochs) - 1
    if last == 0:
        plain(f"Training took one epoch, number {found.epochs[0]}.")
        return 0
    if st.session_state.get(key) not in range(last + 1):
        st.session_state[key] = 0
    chosen = int(
        st.select_slider(
            "Epoch",
            list(range(last + 1)),
            format_func=lambda index: f"{found.epochs[index]}{' (kept)' if found.epochs[index] == found.kept else ''}",
            key=key,
            persist_state="session",
            help="The epoch that was kept is the model on the shelf.",
        )
    )
    with st.container(horizontal=True, gap="small"):
        for name, by in (("Earlier", -1), ("Later", 1)):
            st.button(
                f"{name} epoch",
                key=f"epoch-{name.lower()}",
                icon=f":material/arrow_{'back' if by < 0 else 'forward'}:",
                on_click=_step,
                args=(key, by, last),
                disabled=not 0 <= chosen + by <= last,
            )
    return chosen


def _step(key: str, by: int, last: int) -> None:
    st.session_state[key] = min(last, max(0, st.session_state.get(key, 0) + by))


def _choose(chart: str, card: ModelCard, epochs: int) -> None:
    epoch = clicked(chart)
    if epoch is not None and 0 <= epoch < epochs:
        st.session_state[f"epoch/{card.name}"] = epoch


def insight(review: ReviewGrowth, found: Growth, epoch: int, layer: int, history: History | None) -> str:
    """What the network of this epoch says, how good it was in general, and what this epoch changed."""
    number, probability = found.epochs[epoch], float(review.probabilities[epoch])
    general = ""
    if history is not None and number <= history.epochs and np.isfinite(history.values["val_loss"][number - 1]):
        general = f", with a validation loss of {history.values['val_loss'][number - 1]:.3f} nats"
    kept = " (the one that was kept)" if number == found.kept else ""
    first = f"After epoch {number}{kept}{general}, it gives this review P(positive) = {probability:.3f}."
    if epoch == 0:
        return first
    before, running = found.epochs[epoch - 1], review.running_probabilities
    if running is not None:
        change = running[epoch] - running[epoch - 1]
        most = int(np.abs(change).argmax())
        what, much = "running prediction", signed(float(change[most]))
    else:
        states = review.hidden_states[layer].astype(np.float32)
        moved = np.linalg.norm(states[epoch] - states[epoch - 1], axis=1)
        most = int(moved.argmax())
        what, much = "hidden state", f"{moved[most]:.2f}"
    return (
        f"{first} Since epoch {before} the {what} changed most at {quoted(review.tokens[most])} (word {most + 1}), "
        f"by {much}."
    )


def about_epochs(review: ReviewGrowth, found: Growth) -> str:
    """When the verdict on this review took its side for good, and between what it moved."""
    probabilities = review.probabilities
    side = "positive" if probabilities[-1] >= 0.5 else "negative"
    other = np.flatnonzero((probabilities >= 0.5) != (probabilities[-1] >= 0.5))
    since = found.epochs[0] if not len(other) else found.epochs[int(other[-1]) + 1]
    low, high = int(probabilities.argmin()), int(probabilities.argmax())
    settled = (
        f"The verdict is {side} after every epoch" if not len(other) else f"It is {side} for good from epoch {since}"
    )
    return (
        f"{settled}; P(positive) lies between {probabilities[low]:.3f} (epoch {found.epochs[low]}) and "
        f"{probabilities[high]:.3f} (epoch {found.epochs[high]})."
    )


def table(review: ReviewGrowth, found: Growth) -> pd.DataFrame:
    """One row a word, one column an epoch: P(positive) after the word, or the size of the top state without one."""
    frame = words_of(review.tokens)
    running = review.running_probabilities
    for index, number in enumerate(found.epochs):
        if running is not None:
            frame[f"p_positive_epoch_{number}"] = running[index]
        else:
            states = review.hidden_states[-1][index].astype(np.float32)
            frame[f"state_length_epoch_{number}"] = np.linalg.norm(states, axis=1)
    return frame


def loss_table(review: ReviewGrowth, found: Growth, history: History | None) -> pd.DataFrame:
    """One row an epoch: P(positive) of this review, and the losses where they are known."""
    frame = pd.DataFrame({"epoch": found.epochs, "p_positive": review.probabilities})
    for quantity in ("loss", "val_loss"):
        if history is not None:
            losses = pd.Series(history.values[quantity], index=range(1, history.epochs + 1))
            frame[quantity] = losses.reindex(found.epochs).to_numpy()
    return frame
