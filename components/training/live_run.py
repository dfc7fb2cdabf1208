"""Train one here: what is asked for, the network while it learns, and the finished one on the shelf.

Only where ``UNROLLED_TRAINING=1`` is set, which ``go.py start`` does on one's own machine. What runs, and what has
ended, is told by ``models.jobs.training_job`` from files: a reload, another page or another visitor finds the same.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import streamlit as st

from components.session import address, keys, removal, resources
from components.session.handover import go_to
from components.training import live_curves
from components.ui.format import counted, percent
from components.ui.messages import plain
from models import artifacts
from models.card_facts import training
from models.jobs import dataset, training_job
from models.jobs.job import Job, Status, WorkshopError
from models.jobs.training_job import Workshop
from models.training.recipes import RECIPES

RECIPE, UNITS, EPOCHS, REVIEWS, PLACE = "train-recipe", "train-units", "train-epochs", "train-reviews", "train-place"
UNIT_CHOICES, REVIEW_CHOICES = (8, 16, 32, 64, 128, 512), (500, 1_000, 2_000, 5_000, 10_000, 20_000)
POLL = 2.0  # seconds
_LEAST_ROOM = 5_000_000  # bytes: with less, nothing that a training writes can be written

_REFUSALS = {
    "busy": "Another training or download is running. One at a time: it is shown here.",
    "shelf": "Nothing can be written to the shelf of models, so a finished network could not be kept.",
    "data": "The dataset is not where it was, or not whole. Name its place again.",
    "start": "The training's process could not be started. Is there room on the disk?",
}
_PLACES = {
    "missing": "There is no file or folder of that name on the machine that this app runs on.",
    "other": "That is neither the archive nor a folder with train/pos and train/neg in it.",
    "incomplete": "That folder does not hold all 25,000 training reviews. Unpack the archive again.",
}


def section() -> None:
    """The whole of it; nothing where it is switched off."""
    if not training_job.allowed():
        return
    shop = Workshop(resources.shelf())
    status = shop.status()
    if status is not None and status.state == "running":
        st.session_state.pop(keys.TRAINING_REFUSED, None)
        with st.container(border=True, key="train-running"):
            st.fragment(live_curves.running, run_every=POLL)()
        return
    if status is not None:
        _ended(shop, status)
    with st.expander("Train one here", icon=":material/model_training:"):
        data = dataset.find()
        if data is None:
            _no_dataset(shop)
        else:
            _form(shop, data)
        _say_refused()
        _own_networks()


def _own_networks() -> None:
    """Those that were trained here, each with a way off the shelf."""
    own = [card for card in resources.shelf_cards() if training_job.is_own(card.name) and not card.facts.get("brought")]
    if own:
        st.markdown("**Trained here**")
    for card in own:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{card.title} · {card.name}", width="content")
            removal.offer(card, "Take it from the shelf for good?")


def title_of(recipe: str, units: int, epochs: int, reviews: int, taken: tuple[str, ...] = ()) -> str:
    """What a new network is called: ``Yours: LSTM, 2 epochs on 2,000 reviews``, with a number if that is taken."""
    found = RECIPES[recipe]
    size = "" if units == found.units[0] else f" of {units} units"
    title = f"Yours: {found.title}{size}, {counted(epochs, 'epoch')} on {counted(reviews, 'review')}"
    number, first = 2, title
    while title in taken:
        title, number = f"{first} ({number})", number + 1
    return title


def _form(shop: Workshop, data: Path) -> None:
    st.session_state.setdefault(RECIPE, "lstm")
    st.session_state.setdefault(UNITS, RECIPES["lstm"].units[0])
    what, size, epochs, reviews = st.columns([4, 3, 3, 3], gap="medium", vertical_alignment="bottom")
    recipe = what.selectbox(
        "Network",
        list(RECIPES),
        format_func=lambda name: RECIPES[name].title,
        key=RECIPE,
        on_change=_usual_size,
        persist_state="session",
    )
    units = size.select_slider("Units", UNIT_CHOICES, key=UNITS, persist_state="session", help="Size of its state.")
    rounds = epochs.slider(
        "Epochs", 1, 10, 2, key=EPOCHS, persist_state="session", help="How often it sees every review."
    )
    many = reviews.select_slider(
        "Reviews", REVIEW_CHOICES, 2_000, format_func=lambda n: f"{n:,}", key=REVIEWS, persist_state="session"
    )
    found = RECIPES[recipe]
    steps = training_job.batches(found, many)
    st.caption(
        f"{found.summary} It learns from labelled reviews alone, in batches of {found.batch_size}: {steps:,} steps an "
        f"epoch, {rounds * steps:,} in all. The networks of the shelf had 22,380 labelled and up to 50,000 other "
        "reviews, so expect less of yours."
    )
    st.button(
        "Start training",
        icon=":material/play_arrow:",
        key="train-start",
        on_click=_start,
        args=(shop, recipe, units, rounds, many, data),
    )


def _say_refused() -> None:
    reason = st.session_state.pop(keys.TRAINING_REFUSED, None)
    if reason in _PLACES:
        st.warning(_PLACES[reason], icon=":material/folder_off:", title="The reviews are not there")
    elif reason is not None:
        st.warning(_REFUSALS.get(reason, "That cannot be trained."), icon=":material/block:", title="Not started")


def _start(shop: Workshop, recipe: str, units: int, epochs: int, reviews: int, data: Path) -> None:
    taken = tuple(card.title for card in resources.shelf_cards())
    try:
        shop.train(recipe, title_of(recipe, units, epochs, reviews, taken), units, epochs, reviews, data)
    except WorkshopError as error:
        st.session_state[keys.TRAINING_REFUSED] = error.reason


def _usual_size() -> None:
    st.session_state[UNITS] = RECIPES[st.session_state[RECIPE]].units[0]


def _no_dataset(shop: Workshop) -> None:
    st.info(
        "Networks learn here from the Large Movie Review Dataset: 50,000 reviews with a label, 80 MB. It is fetched "
        "once from Stanford and checked against its published checksum; nothing is kept unless it agrees.",
        icon=":material/database:",
        title="The reviews are not on this machine yet",
    )
    st.button(
        "Download the reviews (80 MB)",
        icon=":material/download:",
        key="train-download",
        on_click=_download,
        args=(shop,),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Or where they are: the archive aclImdb_v1.tar.gz, or the folder aclImdb",
            key=PLACE,
            persist_state="session",
            max_chars=1_000,
        )
        st.button("Use this", key="train-use", on_click=_use_place)


def _download(shop: Workshop) -> None:
    try:
        shop.download()
    except WorkshopError as error:
        st.session_state[keys.TRAINING_REFUSED] = error.reason


def _use_place() -> None:
    typed = str(st.session_state[PLACE]).strip()
    st.session_state[keys.TRAINING_REFUSED] = dataset.remember(Path(typed)) if typed else "missing"


def _ended(shop: Workshop, status: Status) -> None:
    """One message on what has ended, with the next step."""
    job = status.job
    if status.state == "failed":
        _failed(job, status)
    elif job.kind == "download":
        shop.dismiss()
        st.success(
            "All of the dataset has come, and its checksum is the published one.",
            icon=":material/check:",
            title="The reviews are here",
        )
        return
    else:
        _finished(job)
    with st.container(horizontal=True):
        if status.state == "finished":
            st.button(
                "Read a review with it",
                icon=":material/chat_bubble:",
                key="train-read",
                on_click=_read_with,
                args=(job.name,),
            )
        st.button(
            "Close this message",
            key="train-dismiss",
            type="tertiary",
            icon=":material/close:",
            on_click=shop.dismiss,
        )


def _read_with(name: str) -> None:
    address.choose_model(name)
    go_to("read")


def _finished(job: Job) -> None:
    card = next((card for card in resources.shelf_cards() if card.name == job.name), None)
    if card is None:
        return  # a damaged card is named by the page
    found = training(card)
    share, held = found.validation_accuracy, found.validation_reviews
    judged = ""
    if held and share is not None:
        judged = f" It is right on {percent(share, 1)} of {held:,.0f} reviews that it did not learn from."
    st.success(
        f"It is on the shelf, on every page, and its curves are below.{judged}",
        icon=":material/check_circle:",
        title=f"{card.title}: it has learnt",
    )
    if st.session_state.get(keys.TRAINED_DRAWN) != card.name:
        st.session_state[keys.TRAINED_DRAWN] = card.name
        chosen = st.session_state.get(keys.RUNS) or []
        st.session_state[keys.RUNS] = [*(name for name in chosen if name != card.name), card.name]


def _disk_is_full() -> bool:
    """Whether there is no room left where a training writes."""
    for place in (resources.shelf(), artifacts.WORK):
        with contextlib.suppress(OSError):
            if shutil.disk_usage(place).free < _LEAST_ROOM:
                return True
    return False


def _failed(job: Job, status: Status) -> None:
    what = "The download" if job.kind == "download" else "The training"
    if status.explained:
        reason = f"{what} ended early and left nothing behind. The reason, as it gave it:"
    elif _disk_is_full():
        reason = f"{what} ended early and left nothing behind: the disk is full. Make room and try again. It last said:"
    else:
        reason = (
            f"{what} ended early, without a word, and left nothing behind. Most often the machine has run out of "
            "memory then: try fewer units or fewer reviews. The last that it said:"
        )
    st.warning(reason, icon=":material/error:", title=f"{what} did not finish")
    plain(status.last_line or "nothing", muted=True)
