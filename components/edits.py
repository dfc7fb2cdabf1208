"""What if: the review edited by one click or by hand, beside the original, which is never lost.

The edited text and the steps to it live in the session, in memory only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from components import inputs, messages, resources
from components.comparison import read_all
from models import edits
from models.comparison import Reader
from models.edits import FILLER, WordEdit
from models.errors import EmptyReview
from models.neighbours import nearest
from models.opposites import negation, opposites
from models.sentiment import SentimentModel
from models.text import Token, keys

Array = np.ndarray

TEXT, SOURCE, STEPS, WORD, GUIDE, SEED, ORIGIN = (
    "edited", "edited_from", "edit_steps", "edit_word", "edit_guide", "edit_seed", "edit_origin",
)  # fmt: skip
MOST_STEPS = 30
NEIGHBOURS = 8
_SEARCHED, _SEARCHED_LONG, _LONG = 24, 12, 400
_FILLERS = (10, 50, 200)


def begin(review: str, readers: Sequence[Reader]) -> None:
    """Start from this review; a new one begins with its most decisive word taken out, so that there is a difference."""
    if st.session_state.get(SOURCE) == review and TEXT in st.session_state:
        return
    st.session_state[SOURCE], st.session_state[STEPS], st.session_state[TEXT] = review, [], review
    first = readers[0]
    place = decisive(resources.model(first.card.name), review)
    if place is not None and len(first.trace.tokens) > 2:
        edit = edits.remove(first.trace.tokens[place], place)
        _set(edits.apply(review, first.trace.tokens, [edit]), f"{edits.in_words(edit)}: what decided most")


def load(review: str, text: str, note: str) -> None:
    """Open an edit that was made elsewhere, as one step from ``review``."""
    st.session_state[SOURCE], st.session_state[STEPS], st.session_state[TEXT] = review, [], review
    _set(text, note)


def controls(readers: Sequence[Reader]) -> None:
    """The buttons, and the edit box; everything here edits the text as it was last edited."""
    cards = {reader.card.name: reader.card for reader in readers}
    if st.session_state.get(GUIDE) not in cards:
        st.session_state[GUIDE] = next(iter(cards))
    if len(cards) > 1:
        st.segmented_control(
            "Whose neighbours and decisive words",
            list(cards),
            format_func=lambda name: cards[name].title,
            key=GUIDE,
            required=True,
            persist_state="session",
            wrap=True,
        )
    model, text, tokens = _current()
    if tokens:
        _one_word(model, text, tokens)
        _whole_review(model, text, tokens)
    st.text_area(
        "Or edit it yourself",
        key=TEXT,
        height=130,
        on_change=_by_hand,
        persist_state="session",
        help="The original stays as it is, above.",
    )
    _steps()


def edited_readers(readers: Sequence[Reader]) -> list[Reader]:
    """What the same models make of the edited text; empty, with a message, where nothing is left to read."""
    return read_all([reader.card for reader in readers], st.session_state[TEXT])


def decisive(model: SentimentModel, text: str, most: int = 120) -> int | None:
    """The word without which the verdict moves furthest towards the other side; None for fewer than two words.

    Of a long review only the ``most`` words with the largest credit are tried.
    """
    try:
        trace = model.trace(text)
    except EmptyReview:
        return None
    ids = np.array([token.id for token in trace.tokens], np.int32)
    if len(ids) < 2:
        return None
    places = np.sort(np.argsort(-np.abs(trace.contributions), kind="stable")[:most])
    logits = model.logits_of_ids([np.delete(ids, place) for place in places])
    towards = -logits if trace.logit >= 0 else logits
    return int(places[int(towards.argmax())])


def offers(model: SentimentModel, tokens: Sequence[Token], place: int) -> tuple[list[str], list[str], dict[str, float]]:
    """Words to put in a word's place: opposites, neighbours, and P(positive) with each of them.

    The opposites are our own list's, and the neighbour that moves the verdict furthest to the other side.
    """
    ids = np.array([token.id for token in tokens], np.int32)
    searched = _SEARCHED if len(ids) <= _LONG else _SEARCHED_LONG
    alike = nearest(model, [int(ids[place])], searched)[0]
    listed = list(opposites(tokens[place].text, model.vocabulary)[:3])
    words = list(dict.fromkeys([*listed, *alike]))
    documents = []
    for word in words:
        new = model.vocabulary.encode(keys(word))
        documents.append(np.concatenate([ids[:place], new, ids[place + 1 :]]))
    logits = model.logits_of_ids([ids, *documents])
    after = dict(zip(words, (1 / (1 + np.exp(-logits[1:].astype(np.float64)))).tolist(), strict=True))
    if alike:
        strongest = min(alike, key=lambda word: after[word] if logits[0] >= 0 else -after[word])
        listed = list(dict.fromkeys([*listed, strongest]))
    return listed, alike[:NEIGHBOURS], after


def _one_word(model: SentimentModel, text: str, tokens: Sequence[Token]) -> None:
    if st.session_state.get(WORD) is None:
        st.session_state[WORD] = decisive(model, text) or 0
    st.session_state[WORD] = min(st.session_state[WORD], len(tokens) - 1)
    place = st.selectbox(
        "A word of the edited review",
        range(len(tokens)),
        format_func=lambda i: f"{i + 1} · {tokens[i].text[:40]}",
        key=WORD,
        persist_state="session",
    )
    token = tokens[place]
    listed, alike, after = offers(model, tokens, place)
    with st.container(horizontal=True, gap="xsmall"):
        denied = negation(tokens, place, model.vocabulary)
        _button("Negate", "negate", text, tokens, [denied], ":material/exclamation:")
        _button("Remove it", "remove", text, tokens, [edits.remove(token, place)], ":material/backspace:")
    for heading, words, kind in (
        ("Its opposite, and the neighbour that changes most", listed, "opposite"),
        (f"Its nearest neighbours for {model.card.title}", alike, "neighbour"),
    ):
        if words:
            messages.plain(f"{heading}, with P(positive):", muted=True)
            with st.container(horizontal=True, gap="xsmall"):
                for i, word in enumerate(words):
                    edit = edits.replace(token, place, word)
                    _button(f"{word} {after[word]:.2f}", f"{kind}-{i}", text, tokens, [edit])
    if not alike:
        messages.plain("The word is out of vocabulary, so it has no neighbours.", muted=True)


def _whole_review(model: SentimentModel, text: str, tokens: Sequence[Token]) -> None:
    messages.plain("The whole review:", muted=True)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Remove the most decisive word",
            key="edit-decisive",
            icon=":material/target:",
            on_click=_remove_decisive,
            disabled=len(tokens) < 2,
        )
        st.button("Shuffle the words", key="edit-shuffle", icon=":material/shuffle:", on_click=_shuffle)
        for words in _FILLERS:
            st.button(
                f"{words} neutral words in front",
                key=f"edit-filler-{words}",
                on_click=_fill,
                args=(words,),
                help=FILLER,
            )


def _steps() -> None:
    steps = st.session_state[STEPS]
    if steps:
        messages.plain("Done so far: " + "; ".join(note for _, note in steps[-6:]) + ".", muted=True)
    with st.container(horizontal=True, gap="xsmall"):
        st.button("Undo", key="edit-undo", icon=":material/undo:", on_click=_undo, disabled=not steps)
        changed = st.session_state[TEXT] != st.session_state[SOURCE]
        st.button("Back to the original", key="edit-reset", on_click=_reset, disabled=not changed)
        st.button(
            "Use this text on Read", key="edit-use", icon=":material/chat_bubble:", on_click=_use, disabled=not changed
        )
        origin = st.session_state.get(ORIGIN)
        if origin and origin[1] == st.session_state[SOURCE]:
            st.button("Bring the first text back", key="edit-origin", icon=":material/history:", on_click=_bring_back)
    if st.session_state.pop("_edit_used", False):
        st.switch_page("pages/read.py")


def _button(
    title: str, key: str, text: str, tokens: Sequence[Token], made: list[WordEdit], icon: str | None = None
) -> None:
    st.button(title, key=f"edit-{key}", icon=icon, on_click=_apply, args=(text, tuple(tokens), made))


def _apply(text: str, tokens: Sequence[Token], made: Sequence[WordEdit]) -> None:
    _set(edits.apply(text, tokens, made), ", ".join(edits.in_words(edit) for edit in made))


def _set(text: str, note: str) -> None:
    steps = [*st.session_state[STEPS], (st.session_state[TEXT], note)]
    st.session_state[STEPS], st.session_state[TEXT] = steps[-MOST_STEPS:], text
    st.session_state["_edit_known"] = text


def _current() -> tuple[SentimentModel, str, tuple[Token, ...]]:
    model = resources.model(st.session_state[GUIDE])
    text = st.session_state[TEXT]
    return model, text, model.card.cut(model.vocabulary.tokenize(text))[0]


def _remove_decisive() -> None:
    model, text, tokens = _current()
    place = decisive(model, text)
    if place is not None:
        _apply(text, tokens, [edits.remove(tokens[place], place)])


def _shuffle() -> None:
    _, text, tokens = _current()
    seed = st.session_state[SEED] = st.session_state.get(SEED, 0) + 1
    _set(edits.apply(text, tokens, edits.shuffled(tokens, seed)), f"shuffled (order {seed})")


def _fill(words: int) -> None:
    _set(edits.with_filler(st.session_state[TEXT], words), f"{words} neutral words put in front")


def _by_hand() -> None:
    before = st.session_state.get("_edit_known", st.session_state[SOURCE])
    steps = [*st.session_state[STEPS], (before, "edited by hand")]
    st.session_state[STEPS] = steps[-MOST_STEPS:]
    st.session_state["_edit_known"] = st.session_state[TEXT]


def _undo() -> None:
    steps = st.session_state[STEPS]
    if steps:
        st.session_state[TEXT] = st.session_state["_edit_known"] = steps[-1][0]
        st.session_state[STEPS] = steps[:-1]


def _reset() -> None:
    st.session_state[TEXT] = st.session_state["_edit_known"] = st.session_state[SOURCE]
    st.session_state[STEPS] = []


def _use() -> None:
    """The edit becomes the session's review; what was there before can be brought back."""
    st.session_state[ORIGIN] = (st.session_state[SOURCE], st.session_state[TEXT])
    _set_review(st.session_state[TEXT])
    st.session_state["_edit_used"] = True


def _bring_back() -> None:
    _set_review(st.session_state.pop(ORIGIN)[0])


def _set_review(text: str) -> None:
    st.session_state[inputs.REVIEW] = text
    st.session_state[inputs.EXAMPLE] = None
    st.session_state.pop(inputs.TIMESTEP, None)
    st.query_params.pop(inputs.EXAMPLE, None)
