"""A training or download that is running: how far it is, its curves so far, a button that stops it."""

from __future__ import annotations

import time

import streamlit as st

from components.session import resources
from components.training.charts.curves import curves, points
from components.ui import theme
from components.ui.format import percent
from components.ui.panel import panel
from components.ui.theme import Palette
from models import histories
from models.history.curves import Quantity
from models.history.history import History
from models.jobs.job import Job
from models.jobs.training_job import Workshop


def running() -> None:
    """The body of a fragment, drawn again every few seconds; when the work has ended the whole page is, once."""
    shop = Workshop(resources.shelf())
    status = shop.status()
    if status is None or status.state != "running":
        resources.look_again()
        st.rerun()
    job = status.job
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {job.title or 'Downloading the reviews'}", width="content")
        # "Stop" alone is what Streamlit calls a button of its own, which stops the page.
        what = "download" if job.kind == "download" else "training"
        st.button(f"Stop the {what}", icon=":material/stop:", key="train-stop", on_click=shop.stop, width="content")
    if job.kind == "download":
        share = shop.downloaded_share()
        st.progress(share, f"{percent(share)} of about 84 MB, {_since(job)}")
        return
    run = histories.unfinished(job.name, "Yours", job.family, *shop.curves())
    if run is None:
        st.progress(
            0.0,
            f"Getting ready, {_since(job)}: TensorFlow starts, and the reviews become word numbers. A quarter of a "
            "minute is usual.",
        )
        return
    steps, total = run.steps, job.epochs * job.batches
    assert steps is not None
    step = min(int(steps.step[-1]), total)
    st.progress(step / total, f"{_where(job, run, step)}, {_since(job)}")
    colours = theme.palette()
    left, right = st.columns(2, gap="large")
    with left:
        sentence = f"From {steps.loss[0]:.3f} nats in the first steps to {steps.loss[-1]:.3f} in the latest."
        _chart("Loss", "loss", sentence, run, total, colours)
    with right:
        _chart("Accuracy", "accuracy", _so_far(run), run, total, colours)


def _chart(title: str, quantity: Quantity, sentence: str, run: History, total: int, colours: Palette) -> None:
    figure = curves([run], quantity, "step", colours, height=300, until=total)
    panel(
        title,
        sentence,
        figure,
        key=f"training-{quantity}",
        alt=f"{title} of the training that is running, step by step. {sentence}",
        table=lambda: points([run], quantity, "step"),
    )


def _where(job: Job, run: History, step: int) -> str:
    if run.epochs >= job.epochs:
        return "All epochs are done; it is made ready for the shelf"
    epoch = min(job.epochs, (step - 1) // job.batches + 1)
    progress = f"Epoch {epoch} of {job.epochs}, step {step:,} of {job.epochs * job.batches:,}"
    if run.epochs and run.seconds is not None:
        left = float(run.seconds[-1]) * (job.epochs * job.batches - step) / job.batches
        progress += f", about {left:.0f} s of learning left" if left < 100 else f", about {left / 60:.0f} min left"
    return progress


def _so_far(run: History) -> str:
    if not run.epochs:
        steps = run.steps
        latest = float(steps.accuracy[-1]) if steps is not None else 0.0
        return (
            f"{percent(latest)} of the latest training reviews; {percent(0.5)} is guessing. "
            "Validation comes after each epoch."
        )
    share = percent(float(run.values["val_accuracy"][-1]), 1)
    return f"After epoch {run.epochs}: right on {share} of the validation reviews, which it does not learn from."


def _since(job: Job) -> str:
    seconds = max(0, round(time.time() - job.started))
    return f"{seconds} s so far" if seconds < 100 else f"{seconds // 60} min {seconds % 60:02d} s so far"
