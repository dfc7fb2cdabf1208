"""What visitors set: the review, the model, the word under the cursor. Keys, links and memory live here alone.

The review and the chosen model stay for the whole session, across pages and errors. Links may carry ``?model=`` (a
model's name) and ``?example=`` (one of our own reviews). A visitor's text is in the address only of a link that
*Share* made with it (``?text=``, see ``components/session/share.py``).
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.session import address, brought, keys, links, presenter, resources, typed
from components.ui import labels
from components.ui.format import percent
from components.ui.messages import empty_shelf, problem
from models.card import ModelCard
from models.card_facts import recipe
from models.errors import UnknownModel
from models.examples import BY_NAME, EXAMPLES, NAME_OF
from models.sentiment import Trace

_SHARED = (keys.REVIEW, keys.MODEL, keys.EXAMPLE, keys.TIMESTEP)
_PARTS = {
    "trio": "The trio",
    "plain": "The plain trio",
    "best": "The best",
    "articles": "From tutorials",
    "yours": "Yours",
}
_SHORT_SHELF = 5


def begin_review() -> None:
    """Set the review that a visit opens with: the text or the example that the link brings, or the first example."""
    if keys.REVIEW in st.session_state:
        return
    asked = st.query_params.get(keys.EXAMPLE, EXAMPLES[0].name)
    example = BY_NAME.get(asked, EXAMPLES[0])
    st.session_state[keys.REVIEW], st.session_state[keys.EXAMPLE] = example.text, example.name
    if links.TEXT in st.query_params:
        try:
            text = links.decode(st.query_params[links.TEXT])
            st.session_state[keys.REVIEW], st.session_state[keys.EXAMPLE] = text, NAME_OF.get(text)
        except links.BadText:
            st.session_state[keys.BAD_LINK] = True


def review_box(height: int = 150) -> str:
    """The review to read: example pills above a text box. It opens with an example, or the one the link names.

    Of a text that is too long it returns the part that is read, and says so; the box keeps all of it.
    """
    begin_review()
    with presenter.folded("The review"):
        st.pills(
            "Examples",
            [example.name for example in EXAMPLES],
            format_func=lambda name: BY_NAME[name].title,
            key=keys.EXAMPLE,
            on_change=_use_example,
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
        text = st.text_area(
            "Your review",
            key=keys.REVIEW,
            height=height,
            max_chars=typed.most_taken(),
            placeholder="Write a review of a film, in English.",
            on_change=_own_text,
            persist_state="session",
            label_visibility="collapsed",
        )
    typed.say_what_is_not_read(text)
    if keys.BAD_LINK in st.session_state:  # until another text is there
        st.warning(
            "The text in this link is damaged or too long, so it is left out. Here is one of our own reviews instead. "
            "Perhaps the link was cut off on its way: ask for it again.",
            icon=":material/link_off:",
            title="The link's text cannot be read",
        )
    return typed.read_of(text)


def read_button() -> None:
    """Reads what was typed; so does Ctrl+Enter, and a moment's rest. Leaving the box already hands the text over."""
    st.button(
        "Read",
        key="read-now",
        icon=":material/auto_stories:",
        help="Ctrl+Enter does the same, and so does a moment without typing",
    )


def model_picker() -> ModelCard | None:
    """Choose a model by family and test accuracy; None, with a message, when the shelf is empty.

    The address carries the model's name. One that is not on the shelf is answered with a message, and the first
    model reads instead.
    """
    cards = {card.name: card for card in resources.cards()}
    if not cards:
        empty_shelf()
        return None
    asked = st.query_params.get(keys.MODEL)
    if st.session_state.get(keys.MODEL) not in cards:
        st.session_state[keys.MODEL] = asked if asked in cards else _default(cards)
        if asked and asked not in cards:
            st.session_state[keys.ASKED_MODEL] = asked
    here = _part_of_the_shelf(cards)
    # Pills stay whole where a line is too short for all of them.
    choose = st.segmented_control if len(here) == len(cards) else st.pills
    name = choose(
        "Model",
        here,
        format_func=lambda name: label(cards[name]),
        key=keys.MODEL,
        required=True,
        on_change=st.session_state.pop,
        args=(keys.ASKED_MODEL, None),
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    if name is None:
        return None
    if keys.ASKED_MODEL in st.session_state:
        problem(UnknownModel(st.session_state[keys.ASKED_MODEL], tuple(cards)))
    else:
        address.write(keys.MODEL, None if brought.is_brought(name) or name == _default(cards) else name)
    labels.use([cards[name]])
    return cards[name]


def _default(cards: dict[str, ModelCard]) -> str:
    return address.DEFAULT_MODEL if address.DEFAULT_MODEL in cards else next(iter(cards))


def _part_of_the_shelf(cards: dict[str, ModelCard]) -> list[str]:
    """The models to choose among: all of a short shelf, of a long one the part that the visitor looks at."""
    parts = list(dict.fromkeys(card.part for card in cards.values()))
    if len(cards) <= _SHORT_SHELF or len(parts) < 2:
        return list(cards)
    here = cards[st.session_state[keys.MODEL]].part
    if st.session_state.get(keys.MODEL_PART) != here:
        st.session_state[keys.MODEL_PART] = here

    def _turn_to() -> None:
        turned_to = st.session_state[keys.MODEL_PART]
        first = next((name for name, card in cards.items() if card.part == turned_to), None)
        if first is not None:  # the browser may remember a visit whose own networks are gone
            address.choose_model(first)

    st.segmented_control(
        "Part of the shelf",
        parts,
        format_func=_PARTS.__getitem__,
        key=keys.MODEL_PART,
        required=True,
        on_change=_turn_to,
        label_visibility="collapsed",
        wrap=True,
    )
    return [name for name, card in cards.items() if card.part == here]


def label(card: ModelCard) -> str:
    """A model in a picker: ``LSTM · 92.1 %`` (accuracy on the official test set, or on a cut of the model's own)."""
    if card.test_accuracy is None:
        return card.title
    return f"{card.title} · {percent(card.test_accuracy, 1)}{' of its own test' if recipe(card).test_reviews else ''}"


def timestep_cursor(trace: Trace, on_change: Callable[[], None]) -> None:
    """Choose the word under the cursor among two or more; starts on the last one and stays inside a new review."""
    words = len(trace.tokens)
    st.session_state[keys.TIMESTEP] = min(st.session_state.get(keys.TIMESTEP) or words, words)
    st.slider(
        "Word",
        1,
        words,
        key=keys.TIMESTEP,
        on_change=on_change,
        persist_state="session",
        help="Steps through the review.",
    )


def carry_over() -> None:
    """Take what was set on one page over to another: called when the page has changed, before any widget is made.

    The same widget on another page is a new one to Streamlit, and begins empty unless its value is set again.
    """
    for key in _SHARED:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _use_example() -> None:
    chosen = st.session_state[keys.EXAMPLE]
    st.session_state.pop(keys.BAD_LINK, None)
    if chosen is not None:
        st.session_state[keys.REVIEW] = BY_NAME[chosen].text
        st.session_state.pop(keys.TIMESTEP, None)
        st.query_params[keys.EXAMPLE] = chosen


def _own_text() -> None:
    """The text is the visitor's own now: no example is chosen any more, and the link no longer names one."""
    st.session_state[keys.EXAMPLE] = None
    st.session_state.pop(keys.TIMESTEP, None)
    st.session_state.pop(keys.BAD_LINK, None)
    st.query_params.pop(keys.EXAMPLE, None)
