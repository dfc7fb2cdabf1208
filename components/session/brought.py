"""Networks that this visitor has brought: in the memory of this session alone, under one ceiling for all visitors."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import streamlit as st

from components.session import keys
from models import settings
from models.card import ModelCard
from models.figures.own_file import OnOwnFile
from models.foreign.model import ForeignModel
from models.history.history import History

_numbers = count(1)
_lock = threading.Lock()
_held: weakref.WeakKeyDictionary[ForeignModel, int] = weakref.WeakKeyDictionary()  # by network: bytes that it takes


@dataclass(frozen=True, slots=True)
class Beside:
    """What was dropped in beside a network, as far as it could be read; why it could not is plain text.

    ``due``: which of the two, "history" and "labelled", are still to be read.
    """

    runs: tuple[History, ...] = ()
    judged: OnOwnFile | None = None
    history_problem: str = ""
    labelled_problem: str = ""
    due: frozenset[str] = frozenset()


class Full(Exception):
    """All networks together that visitors hold have reached the ceiling of this process."""


def mine() -> dict[str, ForeignModel]:
    """This visitor's networks by name, in the order in which they came."""
    found: dict[str, ForeignModel] = st.session_state.get(keys.BROUGHT, {})
    return found


def beside(name: str) -> Beside:
    """What lies beside a network."""
    found: dict[str, Beside] = st.session_state.get(keys.BROUGHT_BESIDE, {})
    return found.get(name, Beside())


def put_beside(name: str, **changes: Any) -> None:
    """Keep what was read beside a network; see ``Beside`` for the parts."""
    known: dict[str, Beside] = st.session_state.get(keys.BROUGHT_BESIDE, {})
    st.session_state[keys.BROUGHT_BESIDE] = {**known, name: replace(beside(name), **changes)}


def runs(cards: Iterable[ModelCard], after: int, most: int) -> list[History]:
    """The trainings that lie beside networks, to be drawn behind ``after`` others, ``most`` in all."""
    found = [(card, run) for card in cards for run in beside(card.name).runs]
    return [
        replace(run, name=f"{card.name}_{rank}", title=card.title, rank=rank)
        for rank, (card, run) in enumerate(found[: max(0, most - after)], after)
    ]


def moved(name: str, to: str) -> None:
    """A network of this visit is on the shelf now, under another name: what lies beside it goes along."""
    state = st.session_state
    state[keys.BROUGHT_BESIDE] = {**state.get(keys.BROUGHT_BESIDE, {}), to: beside(name)}
    chosen = state.get(keys.MODEL) == name
    forget(name)
    if chosen:
        state[keys.MODEL] = to


def is_brought(name: object) -> bool:
    """Whether a model of this name is one that a visitor brought."""
    return isinstance(name, str) and name.startswith("yours_")


def new_name() -> str:
    """A name that no other network of this process has."""
    return f"yours_{next(_numbers)}"


def keep(model: ForeignModel, size: int) -> None:
    """Hold a network for this visitor, in the place of one with the same name.

    Args:
        size: bytes that it takes.

    Raises:
        Full: if there is no room for it; nothing is changed then.
    """
    with _lock:
        old = mine().get(model.card.name)
        taken = sum(held for other, held in _held.items() if other is not old)
        if taken + size > settings.value("brought_megabytes") * settings.MB:
            raise Full
        if old is not None:
            _held.pop(old, None)
        _held[model] = size
    st.session_state[keys.BROUGHT] = {**mine(), model.card.name: model}
    put_beside(model.card.name, judged=None)  # what another preparation gave


def forget(name: str) -> None:
    """Let go of a network, and of what it has read."""
    left = {key: model for key, model in mine().items() if key != name}
    gone = mine().get(name)
    st.session_state[keys.BROUGHT] = left
    st.session_state.pop(keys.KEPT, None)
    left_beside = {key: value for key, value in st.session_state.get(keys.BROUGHT_BESIDE, {}).items() if key != name}
    st.session_state[keys.BROUGHT_BESIDE] = left_beside
    if keys.RECENT in st.session_state:
        st.session_state[keys.RECENT] = [read for read in st.session_state[keys.RECENT] if read.model != name]
    if gone is not None:
        with _lock:
            _held.pop(gone, None)
    if st.session_state.get(keys.MODEL) == name:
        del st.session_state[keys.MODEL]
