"""The section on state space: where a review takes the state, among the states that test reviews led to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from components.inside.charts.state_space import path_2d, path_3d
from components.session import keys, resources
from components.ui.choice import one_of
from components.ui.format import percent, signed
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.sentences import quoted
from components.ui.theme import Palette
from models.card import ModelCard
from models.errors import ArtifactError, EmptyReview
from models.examples import EXAMPLES
from models.explain.state_space import LayerStates, Path, path_of, states_of
from models.explain.view import View

Array = np.ndarray
_MOST_CHARACTERS = 20_000  # of each text that a brought network reads for its state space


@st.fragment
def shape(view: View, card: ModelCard, colours: Palette) -> None:
    """The path of this review through the first principal components; only this section needs ``states.npz``."""
    space = layer_states(view, card)
    if space is None:
        return
    if len(space.components) < 2:
        plain("This layer has a single unit: its state is a line, and the panel One unit draws it.")
        return
    dimensions = 2
    if len(space.components) > 2:
        dimensions = one_of(
            "Dimensions", {2: "2-D", 3: "3-D"}, "space-dimensions", default=2, label_visibility="collapsed"
        )
    flat = dimensions == 2
    sentence = insight(view, space, dimensions)
    panel(
        "The path of the hidden state",
        sentence,
        path_2d(view, space, colours) if flat else path_3d(view, space, colours),
        key="space",
        alt=f"The path of the hidden state through {len(view.trace.tokens)} words on {dimensions} principal "
        f"components, over a cloud of states in {space.of}. {sentence}",
        table=lambda: table(view, space),
    )
    plain(
        f"A state is {len(space.center)} numbers; the components are the directions in which states of "
        f"{space.of} differ most. The path starts {_start(view)} and its arrows grow as it goes. Words differ in "
        "how far they move the state; the farthest are named with their number in the review."
        + ("" if flat else " Drag to turn."),
        muted=True,
    )


def _start(view: View) -> str:
    if view.trace.padding and view.layer.direction == "forward":
        return f"where {view.trace.padding:,} timesteps of padding left the units"
    return "where every unit is 0"


def layer_states(view: View, card: ModelCard) -> LayerStates | None:
    """What is known of the layer looked at; None, with a message, where ``states.npz`` is missing or damaged."""
    if card.facts.get("brought"):
        return _own_states(view, card)
    try:
        found = resources.states(card)
        named = {layer.name: layer for layer in found}
        space = named.get(view.layer.name)
        if space is None or len(space.center) != view.layer.hidden_states.shape[1]:
            raise ArtifactError(card.name, "states.npz", "it is of another network")
        return space
    except ArtifactError as error:
        unavailable(error, "Where states of test reviews lie is not known, so nothing can be shown of it here.")
        return None


def _own_states(view: View, card: ModelCard) -> LayerStates:
    """Of a brought network: from our examples, what this visitor has read with it, and this text."""
    recent = [read.review for read in st.session_state.get(keys.RECENT, []) if read.model == card.name]
    model, traces = resources.model(card.name), [view.trace]
    for text in dict.fromkeys([*(example.text for example in EXAMPLES), *recent]):
        try:
            traces.append(model.trace(text[:_MOST_CHARACTERS]))
        except EmptyReview:
            continue
    return states_of(traces, view.place)


def unavailable(error: ArtifactError, consequence: str) -> None:
    """Say that one file of the model is out of order and what is missing for it; the rest of the page goes on."""
    st.warning(
        f"The file {error.file} of this model is missing or damaged. {consequence} The rest of this page works.",
        icon=":material/broken_image:",
        title="Not available for this model",
    )


def along(path: Path, space: LayerStates) -> Array:
    """Where the path lies along the readout, (timesteps + 1,), 0 at the mean state of test reviews.

    For layers below the top, along the first component.
    """
    if space.readout is None:
        return np.asarray(path.points[:, 0])
    weights = space.readout / (np.linalg.norm(space.readout) or 1)
    return np.asarray((path.states - space.center) @ weights)


def insight(view: View, space: LayerStates, dimensions: int) -> str:
    """Where the path ends, when it last crossed over, and how much of it the picture shows."""
    path = path_of(view, space)
    values, tokens = along(path, space), view.trace.tokens
    sides = ("negative", "positive") if space.readout is not None else ("low", "high")
    side = sides[int(values[-1] > 0)]
    of = "" if space.readout is not None else " of component 1"
    crossed = [row for row in range(1, len(values)) if (values[row] > 0) != (values[row - 1] > 0)]
    if not crossed:
        way = f"The path stays on the {side} side{of} from its start to its end"
    else:
        token, word = tokens[path.words[crossed[-1] - 1]], int(path.words[crossed[-1] - 1])
        times = "once" if len(crossed) == 1 else f"{len(crossed):,} times"
        way = (
            f"The path crosses the middle{of} {times}, to the {side} side at {quoted(token)} (word {word + 1}) to stay"
        )
    end = float(path.points[-1, 0])
    beyond = float((space.cloud[:, 0] < end).mean() if end > 0 else (space.cloud[:, 0] > end).mean())
    depth = (
        f"it ends at {signed(end)} on component 1, {'above' if end > 0 else 'below'} {percent(beyond)} of the "
        f"{'test states' if space.of == 'test reviews' else 'states in ' + space.of}"
    )
    share = movement(path, dimensions)
    number = "two" if dimensions == 2 else "three"
    direction = space.readout_direction(dimensions)
    shown = (
        ""
        if direction is None
        else f", and {percent(float(np.square(direction).sum()))} of the readout direction, along which the verdict "
        "reads it"
    )
    return (
        f"{way}; {depth}. These {number} components show {percent(share)} of how far the state moves (its steps, "
        f"squared){shown}."
    )


def movement(path: Path, dimensions: int) -> float:
    """Share of the squared lengths of all steps that the first components hold, 0…1."""
    whole = float(np.square(np.diff(path.states.astype(np.float64), axis=0)).sum())
    return (
        float(np.square(np.diff(path.points[:, :dimensions].astype(np.float64), axis=0)).sum()) / whole if whole else 0
    )


def table(view: View, space: LayerStates) -> pd.DataFrame:
    """One row a state in the order it was reached; row 0 is the start."""
    path = path_of(view, space)
    words = path.words.tolist()
    frame = pd.DataFrame(
        {
            "step": range(len(path.points)),
            "timestep": pd.array([None, *(word + 1 for word in words)], dtype="Int64"),
            "word": ["", *(view.trace.tokens[word].text for word in words)],
        }
    )
    for component in range(path.points.shape[1]):
        frame[f"component_{component + 1}"] = path.points[:, component]
    if space.readout is not None:
        frame["along_readout"] = along(path, space)
    return frame
