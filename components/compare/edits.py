"""What if: the review edited by one click or by hand, beside the original, which is never lost.

The edited text and the steps to it live in the session, in memory only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from components.compare.models import read_all
from components.session import keys, resources, typed
from components.session.handover import edit_to, open_review, start_edit, with_step
from components.ui import messages
from components.ui.choice import one_of
from components.ui.pick_word import pick_word
from models.compare import edits
from models.compare.edits import FILLER, WordEdit
from models.compare.opposites import negation
from models.compare.readers import Reader
from models.compare.suggestions import decisive, offers
from models.sentiment import SentimentModel
from models.text import Token

Array = np.ndarray

_FILLERS = (10, 50, 200)


def begin(review: str) -> None:
    """Start from this review, unedited, at the word that decides most: nothing is done to it unasked."""
    if st.session_state.get(keys.EDITED_FROM) == review and keys.EDITED in st.session_state:
        return
    start_edit(review)
    st.session_state.pop(keys.EDIT_WORD, None)


def controls(readers: Sequence[Reader]) -> None:
    """The buttons, and the edit box; everything here edits the text as it was last edited."""
    cards = {reader.card.name: reader.card for reader in readers}
    if st.session_state.get(keys.EDIT_GUIDE) not in cards:
        st.session_state[keys.EDIT_GUIDE] = next(iter(cards))
    if len(cards) > 1:
        titles = {name: card.title for name, card in cards.items()}
        one_of("Whose neighbours and decisive words", titles, keys.EDIT_GUIDE)
    model, text, tokens = _current()
    if tokens:
        _one_word(model, text, tokens)
        _whole_review(model, text, tokens)
    st.text_area(
        "Or edit it yourself",
        key=keys.EDITED,
        height=130,
        max_chars=typed.most_taken(),
        on_change=_by_hand,
        persist_state="session",
        help="The original stays as it is, above.",
    )
    typed.say_what_is_not_read(st.session_state[keys.EDITED])
    _steps()


def edited_readers(readers: Sequence[Reader]) -> list[Reader]:
    """What the same models make of the edited text; empty, with a message, where nothing is left to read."""
    return read_all([reader.card for reader in readers], edited_text())


def edited_text() -> str:
    """The edited review, as much of it as is read."""
    return typed.read_of(st.session_state[keys.EDITED])


def _one_word(model: SentimentModel, text: str, tokens: Sequence[Token]) -> None:
    if st.session_state.get(keys.EDIT_WORD) is None:
        st.session_state[keys.EDIT_WORD] = decisive(model, text) or 0
    st.session_state[keys.EDIT_WORD] = min(st.session_state[keys.EDIT_WORD], len(tokens) - 1)
    messages.plain("Click a word to remove, replace or negate it.", muted=True)
    pick_word(text, tokens, st.session_state[keys.EDIT_WORD], _choose, key="edit-pick")
    place = st.selectbox(
        "A word of the edited review",
        range(len(tokens)),
        format_func=lambda i: f"{i + 1} · {tokens[i].text[:40]}",
        key=keys.EDIT_WORD,
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


def _choose(place: int) -> None:
    st.session_state[keys.EDIT_WORD] = place


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
    steps = st.session_state[keys.EDIT_STEPS]
    if steps:
        messages.plain("Done so far: " + "; ".join(note for _, note in steps[-6:]) + ".", muted=True)
    with st.container(horizontal=True, gap="xsmall"):
        st.button("Undo", key="edit-undo", icon=":material/undo:", on_click=_undo, disabled=not steps)
        changed = st.session_state[keys.EDITED] != st.session_state[keys.EDITED_FROM]
        st.button("Back to the original", key="edit-reset", on_click=_reset, disabled=not changed)
        st.button(
            "Use this text on Read", key="edit-use", icon=":material/chat_bubble:", on_click=_use, disabled=not changed
        )
        origin = st.session_state.get(keys.EDIT_ORIGIN)
        if origin and origin[1] == st.session_state[keys.EDITED_FROM]:
            st.button("Bring the first text back", key="edit-origin", icon=":material/history:", on_click=_bring_back)


def _button(
    title: str, key: str, text: str, tokens: Sequence[Token], made: list[WordEdit], icon: str | None = None
) -> None:
    st.button(title, key=f"edit-{key}", icon=icon, on_click=_apply, args=(text, tuple(tokens), made))


def _apply(text: str, tokens: Sequence[Token], made: Sequence[WordEdit]) -> None:
    edit_to(edits.apply(text, tokens, made), ", ".join(edits.in_words(edit) for edit in made))


def _current() -> tuple[SentimentModel, str, tuple[Token, ...]]:
    model = resources.model(st.session_state[keys.EDIT_GUIDE])
    text = edited_text()
    return model, text, model.card.cut(model.vocabulary.tokenize(text))[0]


def _remove_decisive() -> None:
    model, text, tokens = _current()
    place = decisive(model, text)
    if place is not None:
        _apply(text, tokens, [edits.remove(tokens[place], place)])


def _shuffle() -> None:
    _, text, tokens = _current()
    seed = st.session_state[keys.EDIT_SEED] = st.session_state.get(keys.EDIT_SEED, 0) + 1
    edit_to(edits.apply(text, tokens, edits.shuffled(tokens, seed)), f"shuffled (order {seed})")


def _fill(words: int) -> None:
    edit_to(edits.with_filler(st.session_state[keys.EDITED], words), f"{words} neutral words put in front")


def _by_hand() -> None:
    before = st.session_state.get(keys.EDIT_KNOWN, st.session_state[keys.EDITED_FROM])
    st.session_state[keys.EDIT_STEPS] = with_step(st.session_state[keys.EDIT_STEPS], before, "edited by hand")
    st.session_state[keys.EDIT_KNOWN] = st.session_state[keys.EDITED]


def _undo() -> None:
    steps = st.session_state[keys.EDIT_STEPS]
    if steps:
        st.session_state[keys.EDITED] = st.session_state[keys.EDIT_KNOWN] = steps[-1][0]
        st.session_state[keys.EDIT_STEPS] = steps[:-1]


def _reset() -> None:
    st.session_state[keys.EDITED] = st.session_state[keys.EDIT_KNOWN] = st.session_state[keys.EDITED_FROM]
    st.session_state[keys.EDIT_STEPS] = []


def _use() -> None:
    """The edit becomes the session's review; what was there before can be brought back."""
    st.session_state[keys.EDIT_ORIGIN] = (st.session_state[keys.EDITED_FROM], st.session_state[keys.EDITED])
    open_review(st.session_state[keys.EDITED], page="read")


def _bring_back() -> None:
    open_review(st.session_state.pop(keys.EDIT_ORIGIN)[0])
    st.rerun()  # the review stands above the part of the page with the edits
