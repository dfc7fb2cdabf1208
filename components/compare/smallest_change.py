"""Find the smallest change that flips a verdict: the search runs beside the page, with progress and a way out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from components.compare.charts.edits import flip_paths
from components.session import keys, resources, work
from components.session.handover import open_review
from components.ui import labels, messages
from components.ui.edited_text import marked
from components.ui.format import counted
from components.ui.html_table import html_table
from components.ui.panel import panel
from components.ui.theme import Palette
from components.ui.verdict import family_mark, in_words, position_bar
from models.compare import edits
from models.compare import smallest_change as flips
from models.compare.flip import Flip, Progress
from models.compare.readers import Reader
from models.jobs import tasks
from models.jobs.gate import Job, Piece, Work
from models.sentiment import SentimentModel

_LOOKS = 0.4, 0.1  # a look costs 4 ms or so


@dataclass(frozen=True)
class Search:
    """One visitor's search, model after model, in a worker process. Its text is forgotten with the session."""

    review: str
    models: tuple[SentimentModel, ...]
    results: dict[str, Flip]  # by model, as they come
    job: Job

    @property
    def names(self) -> tuple[str, ...]:
        """The models asked."""
        return tuple(model.card.name for model in self.models)


def search(review: str, models: tuple[SentimentModel, ...]) -> Search:
    """Begin a search; returns at once.

    Raises:
        Busy: if there is no room for it.
    """
    results: dict[str, Flip] = {}

    def each() -> Work:
        for model in models:
            results[model.card.name] = yield Piece("flip", (tasks.named(model), review, flips.SECONDS))

    return Search(review, models, results, work.submit(each()))


def smallest_change(readers: Sequence[Reader], review: str, colours: Palette) -> None:
    """The button, the running search, and what it found."""
    words = len(readers[0].trace.tokens) + len(readers[0].trace.unread)
    names = tuple(reader.card.name for reader in readers)
    found: Search | None = st.session_state.get(keys.SMALLEST_CHANGE_JOB)
    if found is not None and (found.review != review or found.names != names):
        found.job.cancel()
        del st.session_state[keys.SMALLEST_CHANGE_JOB]
        found = None
    messages.plain(
        "Which words would have to be different for the verdict to be the other one? The search replaces words by "
        "opposites or by neighbours in the model's own embedding, or takes them out: first one word, then two, and so "
        f"on up to {flips.MOST_EDITS}, for at most {flips.SECONDS:.0f} seconds a model."
    )
    if words > flips.MOST_WORDS:
        st.info(
            f"This review has {words:,} words; the search tries reviews of up to {flips.MOST_WORDS}. Shorten it, or "
            "choose a shorter example, and search again. “What if” edits reviews of any length.",
            icon=":material/content_cut:",
            title="Too long to search",
        )
        return
    st.button(
        "Find the smallest change",
        key="flip-start",
        icon=":material/search:",
        on_click=_start,
        args=(review, names),
        disabled=found is not None and found.job.running,
    )
    if st.session_state.pop(keys.SMALLEST_CHANGE_REFUSED, False):
        work.say_busy()
    if found is not None and found.job.running:
        every = work.look_every(*_LOOKS)
        st.fragment(_watch, run_every=every)(found, readers, colours, every)
    elif found is not None:
        _results(found, readers, colours)


def _start(review: str, names: Sequence[str]) -> None:
    earlier: Search | None = st.session_state.get(keys.SMALLEST_CHANGE_JOB)
    if earlier is not None:
        earlier.job.cancel()
    models = tuple(resources.model(name) for name in names)
    try:
        st.session_state[keys.SMALLEST_CHANGE_JOB] = search(review, models)
    except work.Busy:
        st.session_state.pop(keys.SMALLEST_CHANGE_JOB, None)
        st.session_state[keys.SMALLEST_CHANGE_REFUSED] = True


def _watch(found: Search, readers: Sequence[Reader], colours: Palette, every: float) -> None:
    if not found.job.running or work.looks_too_seldom(every, *_LOOKS):
        st.rerun()  # the whole page once more: it stops looking every moment
    _progress(found, readers)
    _results(found, readers, colours)


def _progress(found: Search, readers: Sequence[Reader]) -> None:
    done = len(found.results)
    title = next((r.card.title for r in readers if r.card.name not in found.results), readers[-1].card.title)
    seen: Progress | None = found.job.progress
    if found.job.place:
        text = f"{title}: {work.stands(found.job)}"
    elif seen is None:
        text = f"{title}: starting"
    else:
        text = (
            f"{title}: {counted(seen.edits, 'edit')} at a time, {seen.tried:,} changed "
            f"reviews read, nearest P(positive) {seen.closest:.2f}"
        )
    share = (done + (seen.share if seen else 0)) / len(found.models)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, share), text=text)
        st.button("Cancel", key="flip-cancel", icon=":material/close:", on_click=found.job.cancel)


def _results(found: Search, readers: Sequence[Reader], colours: Palette) -> None:
    results = [(r, found.results[r.card.name]) for r in readers if r.card.name in found.results]
    running = found.job.running
    if found.job.state == "failed":
        st.warning("The search came to an unexpected end. The text is still here; try again.", title="No answer")
    flipped = [(reader, flip) for reader, flip in results if flip.outcome == "found"]
    if flipped and not running:
        panel(
            "The way to the other verdict, edit by edit",
            summary(results),
            flip_paths(flipped, colours),
            key="flip-paths",
            alt="P(positive) after each edit, one line a model, each ending on the other side of 0.5",
            table=lambda: flip_table(flipped),
        )
    for place, column in enumerate(st.columns(min(3, len(readers))) * 2):
        with column:
            for reader, flip in results[place::6]:
                with st.container(border=True, key=f"flip-{reader.card.name}"):
                    _one(found, reader, flip)
    if flipped and not running and len(readers) > 1:
        _crossed(found, flipped, readers)


def _one(found: Search, reader: Reader, flip: Flip) -> None:
    side = labels.relabelled("positive" if flip.before >= 0.5 else "negative")
    st.html(f'<p class="u-plain">{family_mark(reader.card)}: {html.escape(outcome_sentence(flip))}</p>')
    if flip.outcome != "found":
        return
    rows = [
        f"<tr><td></td><td>the review as it is, {html.escape(side)}</td>"
        f"<td>{position_bar(flip.before)} {flip.before:.3f}</td></tr>"
    ]
    for number, (edit, p) in enumerate(zip(flip.edits, flip.path, strict=True), 1):
        what = html.escape(edits.in_words(edit))
        rows.append(
            f'<tr><td>{number}</td><td class="u-wrap">{what} '
            f"(word {edit.timestep + 1})</td>"
            f"<td>{position_bar(p)} {p:.3f}</td></tr>"
        )
    html_table(("", "edit", "P(positive) after it"), rows, f"The smallest change for {reader.card.title}")
    vocabulary = next(model for model in found.models if model.card.name == reader.card.name).vocabulary
    before, after = vocabulary.tokenize(found.review), vocabulary.tokenize(flip.text)
    body = marked(flip.text, after, edits.aligned(before, after), "after")
    st.html(
        "<div style=\"font-family:'Source Serif',Georgia,serif;line-height:1.7;max-height:20rem;overflow-y:auto;"
        'overflow-wrap:anywhere;white-space:pre-wrap" tabindex="0" role="region" '
        f'aria-label="The changed review">{body}</div>'
    )
    if found.job.running:
        return
    st.button(
        "Open in What if",
        key=f"flip-open-{reader.card.name}",
        icon=":material/edit:",
        on_click=_open,
        args=(found.review, flip),
    )


def _open(review: str, flip: Flip) -> None:
    open_review(review, edited=(flip.text, ", ".join(edits.in_words(edit) for edit in flip.edits)))


def _crossed(found: Search, flipped: Sequence[tuple[Reader, Flip]], readers: Sequence[Reader]) -> None:
    """What every model makes of every other model's smallest change."""
    texts = [flip.text for _, flip in flipped]
    read = {model.card.name: model.predict(texts) for model in found.models}
    rows = []
    for place, (owner, _) in enumerate(flipped):
        cells = []
        for reader in readers:
            p = float(read[reader.card.name][place])
            turned = (p >= 0.5) != reader.positive
            cells.append(f"<td>{p:.2f} {'<b>turned</b>' if turned else 'not turned'}</td>")
        rows.append(f"<tr><td>the change for {family_mark(owner.card)}</td>{''.join(cells)}</tr>")
    st.html('<h3 class="u-title">What turns one model, does it turn the others?</h3>')
    html_table(("", *(f"read by {reader.card.title}" for reader in readers)), rows, "Every change, read by every model")


def outcome_sentence(flip: Flip) -> str:
    """One search in one sentence."""
    if flip.outcome == "found":
        turn = counted(len(flip.edits), "edit turns", "edits turn")
        return (
            f"{turn} the verdict from {flip.before:.2f} to {flip.path[-1]:.2f}, {in_words(flip.path[-1])} "
            f"({flip.tried:,} changed reviews read in {max(0.1, flip.seconds):.1f} s)."
        )
    ending = {
        "none": f"no change of up to {flips.MOST_EDITS} words among those tried turns the verdict",
        "time": f"no change was found within {flips.SECONDS:.0f} seconds",
    }[flip.outcome]
    near = f"; the nearest of {flip.tried:,} tried reached {flip.closest:.2f} with {flip.closest_edits} edits"
    return f"{ending}{near if flip.closest_edits else ''}. That does not mean that there is none."


def summary(found: Sequence[tuple[Reader, Flip]]) -> str:
    """How many edits each model needs."""
    parts = []
    for reader, flip in found:
        need = f"needs {counted(len(flip.edits), 'edit')}" if flip.outcome == "found" else "was not turned"
        parts.append(f"{reader.card.title} {need}")
    return "; ".join(parts) + ". Without any one of its edits the verdict stays."


def flip_table(found: Sequence[tuple[Reader, Flip]]) -> pd.DataFrame:
    """One row an edit, for the CSV."""
    return pd.DataFrame(
        [
            {
                "model": reader.card.name, "edit": number, "timestep": edit.timestep + 1, "before": edit.before,
                "after": edit.after, "p_positive": p, "p_original": flip.before,
            }
            for reader, flip in found
            for number, (edit, p) in enumerate(zip(flip.edits, flip.path, strict=True), 1)
        ]
    )  # fmt: skip
