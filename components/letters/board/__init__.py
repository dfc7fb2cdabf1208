"""The network unrolled in the visitor's browser: every number, where it comes from, and what changes with a weight.

One Streamlit component of plain HTML, CSS and JavaScript. The weights are sent, and the browser computes what follows
from them (``network.js``, the arithmetic of ``models/letters/network.py``), so that a click or an edit asks nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from components.ui.scripts import content
from components.ui.stage import on_stage
from components.ui.theme import Palette
from components.ui.typed_arrays import packed
from models.letters.training import Run
from models.letters.word import Word

_SCRIPTS = ("numbers.js", "network.js", "explain.js", "pictures.js", "unrolled.js", "board.js")
_POINTS = 200  # of the loss curve that are sent at most


_component = st.components.v2.component(
    "unrolled_letters",
    html=content("letters/board/board.html"),
    css=content("letters/board/board.css"),
    js=content("ui/drawing.js", *(f"letters/board/{name}" for name in _SCRIPTS)),
)


def board(run: Run, word: Word, colours: Palette, key: str, learn_on: Callable[[], None] | None = None) -> None:
    """Show a network that says the next letter.

    Args:
        key: unique on the page; the weights that a visitor hands back are in its session state as ``weights``.
        learn_on: called when they are handed back; without it they cannot be.
    """
    data = payload(run, word, colours) | {"hands_back": learn_on is not None, "staged": on_stage()}
    _component(data=data, key=key, on_weights_change=learn_on or (lambda: None))


def payload(run: Run, word: Word, colours: Palette) -> dict[str, Any]:
    """Everything the board is drawn from: JSON values only.

    Returns:
        ``run``: tells one network from another, ``id`` also one update from another; ``cell``, ``units``, ``letters``
        (as shown), ``read`` and ``targets`` (places among them); ``updates`` and ``shots``: the weights after those
        updates, float32; ``now``: the last ones, float64; ``losses``: (update, loss); ``even``.
    """
    every = max(1, len(run.losses) // _POINTS)
    points = sorted({*range(0, len(run.losses), every), len(run.losses) - 1})
    made = {
        "cell": run.settings.cell,
        "units": run.settings.units,
        "letters": [shown(letter) for letter in word.vocabulary],
        "read": list(word.read),
        "targets": list(word.following),
    }
    grown = {
        "updates": [update for update, _ in run.snapshots],
        "shots": packed(np.concatenate([shot for _, shot in run.snapshots]), "<f4"),
        "now": packed(run.weights.flat(), "<f8"),
        "losses": [[at, round(run.losses[at], 5)] for at in points],
        "even": run.even,
    }
    lineage = _digest([made, run.settings.seed])
    return {"run": lineage, "id": _digest([lineage, grown]), **made, **grown, "colours": _colours(colours, run)}


def shown(letter: str) -> str:
    """A character that can be seen."""
    return "␣" if letter == " " else letter


def _digest(content: Sequence[Any]) -> str:
    return hashlib.blake2b(json.dumps(content).encode(errors="replace"), digest_size=9).hexdigest()


def _colours(colours: Palette, run: Run) -> dict[str, Any]:
    return {
        **{name: getattr(colours, name) for name in ("paper", "surface", "ink", "muted", "line")},
        "accent": colours.families[run.settings.cell],
        "bar": colours.sequential[1][1],
        "diverging": [list(stop) for stop in colours.states],
        "sequential": [list(stop) for stop in colours.sequential],
    }
