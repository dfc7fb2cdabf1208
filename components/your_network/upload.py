"""The two files: the network and, where it has none in it, its vocabulary. Read when they come."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from components.session import brought, keys, work
from components.ui.messages import plain
from models import settings
from models.errors import ForeignNetworkError
from models.foreign.names import plain_name
from models.foreign.open import of_plan, read_plan, without_words, words_of
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
        on_change=_came,
        args=("network",),
        max_upload_size=most,
        help=f"Up to {most:,} MB. It is read as data, in a process of its own; nothing in it is run. It stays in the "
        "memory of this visit and is gone when the tab closes.",
    )
    _read_what_is_due("network")
    found: Files | None = st.session_state.get(keys.BROUGHT_NOW)
    if found is not None and found.asks:
        st.file_uploader(
            "Vocabulary: tokenizer.json, word_index.json, the IMDB index, or a word a line",
            key=_WORDS,
            on_change=_came,
            args=("words",),
            max_upload_size=settings.value("upload_file"),
        )
        _read_what_is_due("words")
        found = st.session_state.get(keys.BROUGHT_NOW)
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


def _came(what: str) -> None:
    """A file has come, or was taken away: it is read as soon as the page comes to it."""
    st.session_state[keys.BROUGHT_DUE] = what
    st.session_state.pop(keys.BROUGHT_PROBLEM, None)
    if what == "network":
        st.session_state.pop(keys.BROUGHT_NOW, None)


def _read_what_is_due(what: str) -> None:
    """Read it behind the gate; where there is no room it stays due."""
    if st.session_state.get(keys.BROUGHT_DUE) != what:
        return
    try:
        _read_network() if what == "network" else _read_words()
    except ForeignNetworkError as error:
        st.session_state[keys.BROUGHT_PROBLEM] = error
    except (work.Busy, work.TaskFailed) as error:
        work.say_no_answer(error, again=f"your-{what}-again")
        return
    st.session_state.pop(keys.BROUGHT_DUE, None)


def _read_network() -> None:
    file = work.file_of(_NETWORK)
    if file is None:
        return
    data, name = file.getvalue(), file.name
    plan: Plan = work.run_here(lambda _: read_plan(data, name), "Reading the network")
    words = words_of(plan)
    title = plain_name(name.rpartition(".")[0] or name) or "Your network"
    st.session_state[keys.BROUGHT_NOW] = Files(
        brought.new_name(), title, plan, words, words is None, data if allowed() else None
    )


def _read_words() -> None:
    file, found = work.file_of(_WORDS), st.session_state[keys.BROUGHT_NOW]
    st.session_state[keys.BROUGHT_NOW] = replace(found, words=None)
    if file is not None:
        words = work.read("words", file.getvalue(), file.name, what="Reading the vocabulary")
        st.session_state[keys.BROUGHT_NOW] = replace(found, words=of_plan(found.plan, words))
