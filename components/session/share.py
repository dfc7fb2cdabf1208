"""The share dialog: a link to what is on the screen, and the reading as a file. What such a link brings back.

Links are written by hand: Streamlit refuses to switch pages while a widget is bound to the address. What pages keep
in the address themselves (model, section, runs …) goes along; what they do not is added here and taken from a link
once, when a visit begins. As soon as it is no longer true the address drops it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from components.session import address, brought, handover, inputs, keys, links, reading, resources, typed
from components.ui.copy import copy_button
from models.card import ModelCard
from models.errors import ArtifactError, EmptyReview, UnknownModel
from models.examples import BY_NAME
from models.letters.word import WORDS
from models.sentiment import Trace

# Pages that read the session's review, and those that read it with the session's one model.
_REVIEW_PAGES, _ONE_MODEL_PAGES = ("read", "inside", "compare"), ("read", "inside")
_KINDS = {"link": "Link", "present": "For a projector", "embed": "For a web page"}


def share_button(page: str) -> None:
    """The quiet button in the page header. ``page`` is the page's name in the address."""
    st.button(
        "Share", key="share", icon=":material/ios_share:", type="tertiary", width="content", on_click=_open_dialog
    )
    if st.session_state.pop(keys.SHARE_OPEN, False):
        _dialog(page)


def restore(page: str) -> None:
    """Take from the address, once a visit, what pages do not read there themselves; drop from it what is stale."""
    if keys.LINK_RESTORED not in st.session_state:
        st.session_state[keys.LINK_RESTORED] = True
        _take_settings()
        if page in _REVIEW_PAGES and (links.TEXT in st.query_params or links.EDITED in st.query_params):
            _take_texts(page)
        elif page == "lessons" and links.TEXT in st.query_params:
            with contextlib.suppress(links.BadText):  # then the lesson's own sentence stands there
                st.session_state[keys.CLASS_SENTENCE] = ("", links.decode(st.query_params[links.TEXT]))
    forget_what_is_stale()


def forget_what_is_stale() -> None:
    """Drop from the address what a link brought and is no longer true."""
    for key, write in _SETTINGS.items():
        if key in st.query_params and st.query_params.get_all(key) != write():
            st.query_params.pop(key, None)
    linked = st.session_state.get(keys.LINKED_TEXTS, {})
    for param, key in ((links.TEXT, keys.REVIEW), (links.EDITED, keys.EDITED)):
        if param in st.query_params and (param not in linked or st.session_state.get(key) != linked[param]):
            st.query_params.pop(param, None)


def query(page: str, own_text: bool) -> dict[str, str | list[str]]:
    """The parameters that bring back what this page shows; the visitor's texts only if ``own_text``.

    Raises:
        BadText: if a text cannot be put into a link at all.
    """
    not_copied = (links.TEXT, links.EDITED, links.PRESENT, keys.EXAMPLE, *_SETTINGS)
    found: dict[str, str | list[str]] = {
        key: st.query_params.get_all(key) for key in st.query_params if key not in not_copied
    }
    if page == "letters" and own_text:
        found["word"] = st.session_state.get(keys.LETTERS_WORD) or ""
    if page == "lessons" and own_text:
        found[links.TEXT] = links.encode(st.session_state.get(keys.LESSON_OWN) or "")
    if page not in _REVIEW_PAGES:
        return found
    if page in _ONE_MODEL_PAGES and st.session_state.get(keys.MODEL) and not _own_network():
        found[keys.MODEL] = st.session_state[keys.MODEL]
    if example := _example():
        found[keys.EXAMPLE] = example
    elif own_text:
        found[links.TEXT] = links.encode(st.session_state.get(keys.REVIEW) or "")
    shown = (keys.COMPARE_MODELS, keys.COMPARE_STATES) if page == "compare" else (keys.TIMESTEP, keys.UNIT)
    found |= {key: value for key in shown if (value := _SETTINGS[key]())}
    if _own_network():
        found.pop(keys.UNIT, None)  # the link opens one of ours, whose units are others
    if page == "compare" and own_text and _edit():
        found[links.EDITED] = links.encode(_edit())
    return found


@st.dialog("Share", width="medium", icon=":material/ios_share:")
def _dialog(page: str) -> None:
    st.session_state.setdefault(keys.SHARE_KIND, "link")
    kind = st.segmented_control(
        "Kind of link", list(_KINDS), format_func=_KINDS.__getitem__, key=keys.SHARE_KIND, required=True, wrap=True
    )
    _link(page, kind or "link")
    if page in _ONE_MODEL_PAGES:
        st.space("small")
        _save()


def _open_dialog() -> None:
    st.session_state[keys.SHARE_OPEN] = True


def _link(page: str, kind: str) -> None:
    own = _own_text(page)
    include = own and bool(
        st.radio(
            "Your text",
            (True, False),
            format_func={True: "In the link: who opens it reads what you read", False: "Left out"}.__getitem__,
            key="share-text",
            horizontal=True,
            help="The text becomes part of the link: whoever has the link, and servers it passes through, can read it.",
        )
    )
    try:
        parameters = query(page, include)
        extra: dict[str, str | list[str]] = (
            {links.PRESENT: "1"} if kind == "present" else {links.EMBED: "true"} if kind == "embed" else {}
        )
        url = links.link(st.context.url or f"/{page}", parameters | extra)
    except (links.TooLong, links.BadText):
        st.info(
            f"The text does not fit into a link (at most {links.MOST_URL:,} letters in all, compressed). Share it "
            "without the text, or send the saved reading instead.",
            icon=":material/content_cut:",
            title="Too long for a link",
        )
        return
    shown = links.frame(url) if kind == "embed" else url
    st.code(shown, language=None, wrap_lines=True)
    copy_button(shown, "Copy the HTML" if kind == "embed" else "Copy the link", key="share-copy")
    st.caption(_explained(kind, own, include))


def _own_network() -> bool:
    """Whether the chosen model is one that the visitor has brought, which no link can carry."""
    return brought.is_brought(st.session_state.get(keys.MODEL))


def _explained(kind: str, own: bool, include: bool) -> str:
    what = {
        "link": "Opens this page with the model and settings you see.",
        "present": "Opens this page with larger type and the controls folded away.",
        "embed": "Put this into the HTML of your own page.",
    }[kind]
    if brought.mine():
        what += " A network that you brought is not in the link: it opens with one of ours."
    if not own:
        return what
    return f"{what} {'Your text is in the link.' if include else 'Your text is not in the link.'}"


def _save() -> None:
    name, review = st.session_state.get(keys.MODEL), typed.read_of(st.session_state.get(keys.REVIEW))
    try:
        card = resources.card(name or "")
        trace = reading.trace_of(card.name, review)
    except (ArtifactError, EmptyReview, UnknownModel):
        st.caption("A reading can be saved as soon as there is one.")
        return
    st.download_button(
        "Save this reading",
        data=_file(card, review, trace, _now()),
        file_name="unrolled-reading.html",
        mime="text/html",
        key="save-reading",
        icon=":material/save:",
        on_click="ignore",
    )
    st.caption("One HTML file with your text, the prediction, the states and their numbers. It opens offline.")


def _file(card: ModelCard, review: str, trace: Trace, when: datetime) -> Callable[[], bytes]:
    """Writes the file when it is asked for; the page is not held up before."""

    def write() -> bytes:
        from components.session.evidence import evidence
        from components.session.svg_export import saved_reading

        return saved_reading(review, trace, card, evidence(trace, card), when).encode(errors="replace")

    return write


def _now() -> datetime:
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.now(ZoneInfo("UTC"))


def _take_settings() -> None:
    at = links.whole_number(st.query_params.get(keys.TIMESTEP, ""))
    if at is not None:
        st.session_state.setdefault(keys.TIMESTEP, at)
    address.take_unit()
    names = {card.name for card in resources.cards()}
    asked = [name for name in st.query_params.get_all(keys.COMPARE_MODELS) if name in names]
    if asked:
        st.session_state.setdefault(keys.COMPARE_MODELS, list(dict.fromkeys(asked)))
    if st.query_params.get(keys.COMPARE_STATES) == "true":
        st.session_state.setdefault(keys.COMPARE_STATES, True)


def _take_texts(page: str) -> None:
    linked: dict[str, str] = {}
    if links.TEXT in st.query_params:
        inputs.begin_review()
        if keys.BAD_LINK not in st.session_state:
            linked[links.TEXT] = st.session_state[keys.REVIEW]
    if page == "compare" and links.EDITED in st.query_params:
        inputs.begin_review()
        try:
            linked[links.EDITED] = links.decode(st.query_params[links.EDITED])
            handover.start_edit(st.session_state[keys.REVIEW], linked[links.EDITED], "as it came with the link")
        except links.BadText:
            st.session_state[keys.BAD_LINK] = True
    st.session_state[keys.LINKED_TEXTS] = linked


def _example() -> str | None:
    """The example on the screen, if it is one of ours, unchanged."""
    name = st.session_state.get(keys.EXAMPLE)
    return name if name in BY_NAME and BY_NAME[name].text == st.session_state.get(keys.REVIEW) else None


def _edit() -> str:
    """The edited review, while the what-if section is open and there is an edit."""
    edited = (
        st.session_state.get(keys.EDITED) if st.session_state.get(keys.COMPARE_SECTION) == handover.WHAT_IF else None
    )
    return edited if edited and edited != st.session_state.get(keys.REVIEW) else ""


def _own_text(page: str) -> bool:
    """Whether the page shows a text or a word of the visitor's own."""
    if page == "letters":
        return st.session_state.get(keys.LETTERS_WORD) not in (None, "", *WORDS)
    if page == "lessons":
        return bool(st.session_state.get(keys.LESSON_OWN))
    return page in _REVIEW_PAGES and (_example() is None or (page == "compare" and bool(_edit())))


def _timestep() -> list[str]:
    at = st.session_state.get(keys.TIMESTEP)
    return [str(at)] if at else []


def _unit() -> list[str]:
    """The layer and the unit that Inside looks at, as ``0.34``."""
    model = address.model()
    layer = st.session_state.get(f"{keys.LAYER}/{model}") or 0
    unit = st.session_state.get(f"{keys.UNIT}/{model}/{layer}")
    return [] if unit is None else [f"{layer}.{unit}"]


def _models() -> list[str]:
    chosen = st.session_state.get(keys.COMPARE_MODELS) or []
    return [name for name in chosen if not brought.is_brought(name)]


def _states() -> list[str]:
    return ["true"] if st.session_state.get(keys.COMPARE_STATES) else []


# What a link brings that pages do not keep in the address themselves, by its name there: the value it has now.
_SETTINGS: dict[str, Callable[[], list[str]]] = {
    keys.TIMESTEP: _timestep,
    keys.UNIT: _unit,
    keys.COMPARE_MODELS: _models,
    keys.COMPARE_STATES: _states,
}
