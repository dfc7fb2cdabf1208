"""What visitors of Inside steer with: the cursor, the layer, the unit, the order of the units."""

from __future__ import annotations

import html
from functools import partial
from uuid import uuid4

import streamlit as st

from components.inside.parts import ORDER, Seen, unit_chosen, unit_key, word_chosen
from components.session import handover, inputs, keys, presenter
from components.session import reading as readings
from components.session.frame import follow_address
from components.ui import labels
from components.ui.choice import one_of
from components.ui.format import signed
from components.ui.player import player
from components.ui.pointing import here, pointing
from components.ui.scroll import scroll_to
from components.ui.stage import presented
from models.card import ModelCard
from models.explain.view import Order, View, readout, sorted_units, weightiest
from models.sentiment import Trace

_ORDERS: dict[Order, str] = {"weight": "weight in the verdict", "range": "range in this review", "number": "number"}
_AROUND = 7  # words on each side of the one under the cursor
_MOST_BESIDE = 160  # characters of them
# Panels that a link may ask for with ``?panel=``.
_PANELS = {
    "play": "play-section",
    "gates": "gates-section",
    "arithmetic": "equation-section",
    "unit": "unit-section",
    "memory": "memory-section",
}
# Charts over the words of the review; in the heatmaps a cell is a unit's.
_CHARTS = {
    "hidden": ("word", "unit"),
    "gates": ("word", "unit"),
    "lab-span": ("unit",),
    **dict.fromkeys(("unit", "three-ways", "memory", "lab-held"), ("word",)),
}


def open_asked_panel() -> None:
    """Open the panel that a link asks for, if one does, and bring it into sight."""
    asked = st.session_state.pop(keys.PANEL, None) or st.query_params.get(keys.PANEL)
    st.query_params.pop(keys.PANEL, None)
    section = _PANELS.get(asked or "")
    if section is not None:
        st.session_state[section] = True
        st.session_state[keys.PANEL_ASKED] = (section, uuid4().hex)
    if keys.PANEL_ASKED in st.session_state:
        scroll_to(*st.session_state[keys.PANEL_ASKED])


def play(view: View, seen: Seen) -> None:
    """The player at the page's word and unit; what is chosen in it moves everything else on the page."""
    trace, card, top = seen.trace, seen.card, len(seen.trace.layers) - 1

    def choose(word: int, unit: int | None) -> None:
        st.session_state[keys.TIMESTEP] = word + 1
        if unit is None or _played_unit(seen) in (None, unit):
            word_chosen()
        st.session_state[unit_key(card, top)] = unit
        unit_chosen()

    with presented(presenter.active()):
        player(
            trace,
            card,
            seen.colours,
            seen.review,
            part="While it reads",
            cursor=view.cursor,
            unit=_played_unit(seen),
            table=partial(readings.state_table, trace),
            on_choice=choose,
        )


def _played_unit(seen: Seen) -> int | None:
    """The unit that the player shows; of two directions it shows either, so None."""
    trace, top = seen.trace, len(seen.trace.layers) - 1
    if top and readout(trace, top - 1) is not None:
        return None
    return int(st.session_state.get(unit_key(seen.card, top), weightiest(trace, top)))


def cursor(view: View, seen: Seen) -> None:
    """The word under the cursor, chosen with a slider, two buttons or two keys; it stays in sight while scrolling.

    The browser marks it in what stands on the page already.
    """
    trace, last = seen.trace, len(seen.trace.tokens) - 1
    with st.container(key="cursor", gap="small"):
        if last:
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                slider = st.container(width="stretch", key="cursor-slider")
                with slider:
                    inputs.timestep_cursor(trace, word_chosen)
                _arrow("Previous", "arrow_back", "Alt+P", -1, disabled=view.cursor == 0)
                _arrow("Next", "arrow_forward", "Alt+N", 1, disabled=view.cursor == last)
        st.html(context_html(trace, seen.review, view.cursor))
    here(view.cursor, last + 1, _played_unit(seen), "player")
    follow_address()


def context_html(trace: Trace, review: str, place: int) -> str:
    """The word under the cursor between its neighbours, escaped, with its number and the prediction after it."""
    tokens, n = trace.tokens, len(trace.tokens)
    first, last = max(0, place - _AROUND), min(n - 1, place + _AROUND)
    token = tokens[place]
    before = ("… " if first else "") + _clean(review[tokens[first].start : token.start], keep="end")
    after = _clean(review[token.end : tokens[last].end], keep="start") + (" …" if last < n - 1 else "")
    number = f"word {place + 1:,} of {n:,}" + ("" if token.known else ", out of vocabulary")
    running = trace.running_probabilities
    p = html.escape(labels.relabelled("P(positive)"))
    so_far = "" if running is None else f"; {p} after it {running[place]:.2f}"
    return (
        f'<p class="u-context"><span>{html.escape(before)}</span>'
        f"<mark>{html.escape(_clean(token.text, keep='start'))}</mark><span>{html.escape(after)}</span> "
        f"<small>{number}</small><small>{so_far}</small></p>"
    )


def looked_at(seen: Seen) -> None:
    """Which layer, which unit and in which order; the chosen unit starts with the one that did most to the verdict."""
    trace, card = seen.trace, seen.card
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="controls"):
        layer = _layer(trace, card)
        order = st.selectbox(
            "Sort units by",
            list(_ORDERS) if readout(trace, layer) is not None else [key for key in _ORDERS if key != "weight"],
            format_func=lambda key: _ORDERS[key],
            key=f"{ORDER}/{readout(trace, layer) is None}",
            on_change=unit_chosen,
            persist_state="session",
            width=230,
        )
        units, weights = sorted_units(trace, layer, order), readout(trace, layer)
        key = unit_key(card, layer)
        if st.session_state.get(key) not in units:
            st.session_state[key] = weightiest(trace, layer)
        st.selectbox(
            "Look at one unit",
            [int(unit) for unit in units],
            format_func=lambda unit: (
                f"unit {unit}" + ("" if weights is None else f", weight {signed(float(weights[unit]))}")
            ),
            key=key,
            on_change=unit_chosen,
            persist_state="session",
            help="Units are numbered from 0. The weight says how the verdict counts the unit's hidden state.",
            width=230,
        )


def choose_unit(chart: str, card: ModelCard, layer: int) -> None:
    """What a click on a unit's marker does; a click beside it does nothing."""
    unit = clicked(chart)
    if unit is not None:
        st.session_state[unit_key(card, layer)] = unit
        unit_chosen()


def choose_word(chart: str) -> None:
    """What a click on a word's bar does."""
    word = clicked(chart)
    if word is not None:
        st.session_state[keys.TIMESTEP] = word + 1
        word_chosen()


def listen(seen: Seen) -> None:
    """A click in a chart over words moves the cursor there; one on a heatmap's cell chooses its unit too."""

    def choose(word: int | None, unit: int | None) -> None:
        if word is not None:
            st.session_state[keys.TIMESTEP] = min(word, len(seen.trace.tokens) - 1) + 1
        view = seen.view
        if unit is not None and unit < view.layer.hidden_states.shape[1] and unit != view.unit:
            st.session_state[unit_key(seen.card, view.place)] = unit
            unit_chosen()
        word_chosen()

    pointing(_CHARTS, choose)


def to_letters(card: ModelCard) -> None:
    """The way to the same cell with a few units, where all of it fits on the screen."""
    st.button(
        f"The same arithmetic on a blackboard: {card.family} with a few units, in Letters",
        key="to-letters",
        icon=":material/abc:",
        type="tertiary",
        on_click=handover.open_letters,
        args=(card.family,),
    )


def _layer(trace: Trace, card: ModelCard) -> int:
    if len(trace.layers) == 1:
        return 0
    names = {place: layer.name.removeprefix("layer ").capitalize() for place, layer in enumerate(trace.layers)}
    return one_of("Layer and direction", names, f"{keys.LAYER}/{card.name}", on_change=unit_chosen, default=0)


def _arrow(name: str, icon: str, shortcut: str, by: int, *, disabled: bool) -> None:
    st.button(
        name,
        icon=f":material/{icon}:",
        shortcut=shortcut,
        key=f"cursor-{name.lower()}",
        on_click=_move,
        args=(by,),
        disabled=disabled,
    )


def _move(by: int) -> None:
    st.session_state[keys.TIMESTEP] = max(1, st.session_state.get(keys.TIMESTEP, 1) + by)
    word_chosen()


def clicked(chart: str) -> int | None:
    """The number that the point carries which was clicked last; None where it was clicked beside the points."""
    points = (st.session_state.get(chart) or {}).get("selection", {}).get("points", [])
    for point in points:
        data = point.get("customdata")
        data = data[0] if isinstance(data, list | tuple) and data else data
        if isinstance(data, int | float):
            return int(data)
    return None


def _clean(text: str, keep: str) -> str:
    """Neighbouring text on one line, shortened when absurdly long."""
    text = "".join(c if c >= " " else " " for c in text)
    if len(text) <= _MOST_BESIDE:
        return text
    return "…" + text[-_MOST_BESIDE:] if keep == "end" else text[:_MOST_BESIDE] + "…"
