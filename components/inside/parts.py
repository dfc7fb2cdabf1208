"""Parts of Inside, each of which answers by itself: what is chosen draws those again that it concerns, not the page.

Every part takes what it shows from the visit, so all of them agree on the layer, the unit and the word under the
cursor. Where charts, coloured words and the player only mark the cursor, nothing of them is drawn again: the browser
moves the mark (``components/ui/pointing``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, cast

import numpy as np
import streamlit as st
from streamlit.errors import StreamlitAPIException

from components.inside.brought import offered
from components.inside.contents import PANELS, panel_of
from components.session import keys
from components.ui import labels
from components.ui.theme import Palette
from models.card import ModelCard
from models.explain.view import Order, View, readout, weightiest
from models.sentiment import Trace

ORDER = "unit-order"
CURSOR, CONTROLS, CONTENTS, STATES, STATES_WORDS, CREDIT_WORDS, CLOSED = (
    "cursor-part",
    "controls-part",
    "contents-part",
    "states-part",
    "states-words",
    "credit-words",
    "closed-panels",
)
# Open when a visit begins.
OPEN = ("play-section", "gates-section", "equation-section", "unit-section")
# What says something of the word under the cursor, and the panels that do so where they are open.
_OF_THE_WORD = (CURSOR, CONTENTS, STATES_WORDS)
_PANELS_OF_THE_WORD = {
    "equation-section": "equation-section",
    "credit-section": CREDIT_WORDS,
    "memory-section": "memory-section",
    "space-section": "space-section",
    "lab-section": "lab-section",
}
# What shows units, beside the panels: all of them but these, of which one is no panel that opens.
_OF_THE_UNIT = (CURSOR, CONTROLS, CONTENTS, STATES)
_WITHOUT_UNITS = ("input-section", "states-section", "check-section")


@dataclass(frozen=True, slots=True)
class Seen:
    """What all parts show: a reading, who read it, and the theme's colours."""

    trace: Trace
    card: ModelCard
    review: str
    colours: Palette

    @property
    def view(self) -> View:
        """The layer, the unit and the word that the visitor looks at now."""
        trace, state, card = self.trace, st.session_state, self.card
        place = min(int(state.get(f"{keys.LAYER}/{card.name}") or 0), len(trace.layers) - 1)
        unit, units = state.get(unit_key(card, place)), trace.layers[place].hidden_states.shape[1]
        if unit is None or not 0 <= unit < units:
            unit = weightiest(trace, place)
        weighed = readout(trace, place) is not None
        order = state.get(f"{ORDER}/{not weighed}") or ("weight" if weighed else "range")
        word = min(int(state.get(keys.TIMESTEP) or 1), len(trace.tokens)) - 1
        return View(trace, card.family, place, int(unit), word, cast(Order, order))


def unit_key(card: ModelCard, layer: int) -> str:
    """Where the chosen unit of a layer is remembered."""
    return f"{keys.UNIT}/{card.name}/{layer}"


def begin(trace: Trace) -> None:
    """Choose the word for a first look, which deserves the one that did most."""
    if st.session_state.get(keys.TIMESTEP) is None:
        st.session_state[keys.TIMESTEP] = int(np.abs(trace.contributions).argmax()) + 1


def part(key: str, draw: Callable[[View], None], seen: Seen) -> None:
    """Draw a part of the page that can be drawn again alone."""

    def drawn() -> None:
        labels.use([seen.card])  # alone, it begins anew with the usual ones
        draw(seen.view)

    st.fragment(drawn, key=key)()


def panel_part(key: str, draw: Callable[[View], None], seen: Seen, needs: str | None = None) -> None:
    """Draw a panel that opens and closes by itself; what is in a closed one is not computed.

    Args:
        needs: what a brought network may lack (``brought.offered``): then the panel says so instead.
    """

    def drawn(view: View) -> None:
        with panel_of(key, expanded=key in OPEN) as section:
            if section.open:
                _where_offered(draw, needs, seen)(view)

    part(key, drawn, seen)


def closed_panels(panels: Mapping[str, tuple[Callable[[View], None], str | None]], seen: Seen) -> None:
    """Draw panels that are closed at first: together a part, so that they cost next to nothing, each open one its own.

    Args:
        panels: by key what draws a panel, and what a brought network may lack for it.
    """

    def drawn(_: View) -> None:
        for key, (draw, needs) in panels.items():
            with panel_of(key) as section:
                if section.open:
                    part(key, _where_offered(draw, needs, seen), seen)

    part(CLOSED, drawn, seen)


def _where_offered(draw: Callable[[View], None], needs: str | None, seen: Seen) -> Callable[[View], None]:
    def drawn(view: View) -> None:
        if needs is None or offered(seen.card, needs):
            draw(view)

    return drawn


def word_chosen() -> NoReturn:
    """Draw again what says something of the word under the cursor: ends the callback in which it is called."""
    _again(*_OF_THE_WORD, *(part for panel, part in _PANELS_OF_THE_WORD.items() if _is_open(panel)))


def unit_chosen() -> NoReturn:
    """Draw again what shows a unit or its layer, and what says something of the word; ends the callback."""
    _again(*_OF_THE_UNIT, *(panel for panel in PANELS if panel not in _WITHOUT_UNITS and _is_open(panel)))


def _is_open(panel: str) -> bool:
    return bool(st.session_state.get(panel, panel in OPEN))


def _again(*parts: str) -> NoReturn:
    try:
        st.rerun(parts)
    except StreamlitAPIException:  # the page was still being drawn: all of it, then
        st.rerun()
