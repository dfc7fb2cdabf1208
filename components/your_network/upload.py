"""The two files: the network and, where it has none in it, its vocabulary. Read when they come."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from components.session import brought, keys
from components.ui.messages import plain
from models import settings
from models.errors import ForeignNetworkError
from models.foreign.names import plain_name
from models.foreign.open import read_plan, without_words, words_beside, words_of
from models.foreign.stages import Plan
from models.foreign.words import Words
from models.jobs.training_job import allowed

_NETWORK, _WORDS = "your-network-file", "your-words-file"


@dataclass(frozen=True, slots=True)
class Files:
    """What the two files have in them so far.

    Attributes:
        name: the one that the network will have.
        asks: whether the words are in a file of their own.
        data: the network's file, kept only where it may be put on the shelf.
    """

    name: str
    title: str
    plan: Plan
    words: Words | None
    asks: bool
    data: bytes | None


def files() -> Files | None:
    """Ask for the files; what they hold, None as long as there is no network."""
    most = min(int(st.get_option("server.maxUploadSize")), settings.value("network_megabytes"))
    st.file_uploader(
        "Network: .keras, or a whole-model .h5",
        key=_NETWORK,
        on_change=_network_came,
        max_upload_size=most,
        help=f"Up to {most:,} MB. It is read as data, in a process of its own; nothing in it is run. It stays in the "
        "memory of this visit and is gone when the tab closes.",
    )
    found: Files | None = st.session_state.get(keys.BROUGHT_NOW)
    if found is not None and found.asks:
        st.file_uploader(
            "Vocabulary: tokenizer.json, word_index.json, the IMDB index, or a word a line",
            key=_WORDS,
            on_change=_words_came,
            max_upload_size=settings.value("upload_file"),
        )
    problem: ForeignNetworkError | None = st.session_state.get(keys.BROUGHT_PROBLEM)
    if problem is not None:
        st.warning("The file is not read.", icon=":material/description:", title="This cannot be opened")
        plain(problem.reason)
        if problem.remedy:
            plain("This makes a file that can be opened:", muted=True)
            st.code(problem.remedy, language="python", wrap_lines=True)
    return found


def what_next(found: Files | None) -> None:
    """What is still needed, and how the notebook writes it."""
    if found is None:
        plain(
            "The page reads the file, asks for what it does not tell, and shows the ids of a sentence to compare with "
            "your notebook’s: nearly every wrong number comes from texts prepared in another way than in training."
        )
        return
    why, code = without_words(found.plan)
    plain(why)
    plain("In the notebook this writes it; “How to save what is needed here” has the other ways:", muted=True)
    st.code(code, language="python", wrap_lines=True)


def _network_came() -> None:
    file = st.session_state.get(_NETWORK)
    for key in (keys.BROUGHT_NOW, keys.BROUGHT_PROBLEM):
        st.session_state.pop(key, None)
    if file is None:
        return
    try:
        data = file.getvalue()
        plan = read_plan(data, file.name)
        words = words_of(plan)
        title = plain_name(file.name.rpartition(".")[0] or file.name) or "Your network"
        st.session_state[keys.BROUGHT_NOW] = Files(
            brought.new_name(), title, plan, words, words is None, data if allowed() else None
        )
    except ForeignNetworkError as error:
        st.session_state[keys.BROUGHT_PROBLEM] = error


def _words_came() -> None:
    file, found = st.session_state.get(_WORDS), st.session_state.get(keys.BROUGHT_NOW)
    st.session_state.pop(keys.BROUGHT_PROBLEM, None)
    if found is None:
        return
    words = None
    if file is not None:
        try:
            words = words_beside(found.plan, file.getvalue(), file.name)
        except ForeignNetworkError as error:
            st.session_state[keys.BROUGHT_PROBLEM] = error
    st.session_state[keys.BROUGHT_NOW] = replace(found, words=words)
