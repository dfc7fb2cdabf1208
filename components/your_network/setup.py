"""What the files do not tell: how texts were prepared, what 0 and 1 mean, what the network is called."""

from __future__ import annotations

import streamlit as st

from components.ui.messages import plain
from components.your_network.upload import Files
from models.card import SIDES
from models.errors import ForeignNetworkError
from models.foreign.model import ForeignModel
from models.foreign.names import MOST_LABEL, plain_name
from models.foreign.open import assemble, usual_preparation
from models.foreign.preparation import FIELDS, FILTERS, PUNCTUATION, Preparation
from models.foreign.stages import Plan
from models.foreign.words import Words
from models.wording import counted

_FILTERS = {
    "tokenizer": ("as Tokenizer", FILTERS, False),
    "vectorization": ("as TextVectorization", PUNCTUATION, True),
    "nothing": ("nothing", "", False),
}
_ASKED = ("maxlen", "padding", "truncating", "num_words", "oov_id", "start_id", "offset", "lower", "filters")
_ENDS = {"pre": "in front", "post": "behind"}


def about(plan: Plan) -> None:
    """The network's layers, as its file has them."""
    kinds = " → ".join(kind for _, kind, _ in plan.summary)
    plain(f"{kinds}; {counted(plan.parameters, 'parameter')}.", muted=True)


def preparation(files: Files, words: Words) -> Preparation | None:
    """The form, filled in from the files; None, with a message, where a setting makes no sense."""
    usual = usual_preparation(files.plan, words)
    plain(f"Words: {words.kind}, {counted(len(words.ids), 'word')}.", muted=True)
    for note in words.notes:
        plain(note, muted=True)
    if usual.maxlen is None and not files.plan.mask_zero:
        plain(
            "Neither file tells a length. If your notebook fills texts up (maxlen of pad_sequences, "
            "output_sequence_length of TextVectorization), give it as maxlen: this network reads the padding too, so "
            "without it every number is another one."
        )
    name, rows = files.name, len(files.plan.embedding)
    one, two = st.columns(2)
    with one:
        maxlen = _number("maxlen", name, usual.maxlen, 1, fixed=files.plan.timesteps)
        padding = _end("padding", name, usual.padding)
        truncating = _end("truncating", name, usual.truncating)
        num_words = _number("num_words", name, usual.num_words, 1, rows)
    with two:
        oov = _number("oov_id", name, usual.oov_id, 0, rows - 1)
        start = _number("start_id", name, usual.start_id, 0, rows - 1)
        offset = _number("offset", name, usual.offset, 0, 1_000)
        lower = st.toggle("lower", usual.lower, key=f"{name}-lower", help=FIELDS["lower"])
        kept = next((key for key, (_, f, j) in _FILTERS.items() if (f, j) == (usual.filters, usual.joined)), None)
        options = [*_FILTERS] if kept else ["file", *_FILTERS]
        chosen = st.selectbox(
            "filters", options, options.index(kept) if kept else 0, key=f"{name}-filters", help=FIELDS["filters"],
            format_func=lambda key: "as the file says" if key == "file" else _FILTERS[key][0],
        )  # fmt: skip
    with st.expander("What these settings do", icon=":material/help:"):
        for field in _ASKED:
            plain(f"{field}: {FIELDS[field]}", muted=True)
    changes = {
        "maxlen": maxlen, "padding": padding, "truncating": truncating, "num_words": num_words, "oov_id": oov,
        "start_id": start, "offset": offset or 0, "lower": lower,
    }  # fmt: skip
    if chosen != "file" and chosen != kept:
        _, filters, joined = _FILTERS[chosen]
        changes |= {"filters": filters, "joined": joined, "split": "whitespace" if joined else " "}
    try:
        return usual.changed(changes)
    except ForeignNetworkError as error:
        plain(error.reason)
        return None


def names(files: Files) -> tuple[str, tuple[str, str]]:
    """The network's title, and the words for 0 and 1."""
    title = st.text_input("Name", files.title, max_chars=40, key=f"{files.name}-title")
    zero, one = st.columns(2)
    low = zero.text_input("0 means", SIDES[0], max_chars=MOST_LABEL, key=f"{files.name}-zero")
    high = one.text_input("1 means", SIDES[1], max_chars=MOST_LABEL, key=f"{files.name}-one")
    shown = [plain_name(word, MOST_LABEL) or usual for word, usual in zip((low, high), SIDES, strict=True)]
    return plain_name(title) or "Your network", (shown[0], shown[1])


def model(files: Files, words: Words, prepared: Preparation) -> ForeignModel | None:
    """The model that the files and settings make; None, with the reason, where they do not fit."""
    title, labels = names(files)
    try:
        made = assemble(files.plan, words, prepared, name=files.name, title=title, labels=labels)
    except ForeignNetworkError as error:
        st.warning("The files and settings do not fit each other.", icon=":material/rule:", title="Not yet")
        plain(error.reason)
        return None
    made.file = files.data
    return made


def _number(
    field: str, name: str, value: int | None, least: int, most: int | None = None, fixed: int | None = None
) -> int | None:
    found = st.number_input(
        field, least, most, value if fixed is None else fixed, 1, key=f"{name}-{field}", help=FIELDS[field],
        placeholder="none", disabled=fixed is not None,
    )  # fmt: skip
    return None if found is None else int(found)


def _end(field: str, name: str, value: str) -> str:
    options = list(_ENDS)
    return st.selectbox(
        field, options, options.index(value), key=f"{name}-{field}", help=FIELDS[field],
        format_func=lambda end: f"{end} ({_ENDS[end]})",
    )  # fmt: skip
