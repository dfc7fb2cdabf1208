"""Where the reviews of a batch come from: our own examples, pasted lines, or a file, each kept while the session lasts.

Nothing of it is written to disk, logged or rendered: names and cells are shown as plain text.
"""

from __future__ import annotations

import re
from typing import Literal

import streamlit as st

from components.batch import job, understood
from components.batch.job import MOST_REVIEWS, Batch
from components.session import keys, resources, typed, work
from components.ui.choice import one_of
from components.ui.format import command, counted
from components.ui.messages import plain
from models import settings
from models.scoring.decoding import TableError

Source = Literal["examples", "paste", "file"]
_TITLES: dict[Source, str] = {"examples": "Our examples", "paste": "Paste lines", "file": "Upload a file"}


def choose_batch() -> Batch | None:
    """Let the visitor choose the reviews and their columns; None, with a message, while there are none."""
    st.session_state.setdefault(keys.BATCH_SOURCE, "examples")
    source = one_of("Reviews from", _TITLES, keys.BATCH_SOURCE, label_visibility="collapsed")
    if source == "paste":
        _paste()
    elif source == "file":
        _file()
    elif source not in _kept():
        _kept()[source] = Batch(job.examples())
    if not _read_what_is_due(source):
        return None
    _say_what_is_wrong(source)
    batch = _kept().get(source)
    if batch is None:
        return None
    chosen = st.session_state.get(keys.BATCH_MODELS, [])
    if batch.speak(card.sides for card in resources.brought_cards() if card.name in chosen):
        st.session_state.pop(understood.label_key(batch), None)
    _say_what_it_is(batch, source)
    understood.controls(batch, source, lambda fresh: _replace(source, fresh), lambda **how: _read(source, **how))
    return batch


def explain() -> None:
    """What a file may look like, where there is none yet."""
    plain("A file may look like this, or be TSV, JSON lines, or plain text with one review a line:", muted=True)
    st.code(
        "id,review,label\n"
        '1,"A wonderful film, warm and wise.",positive\n'
        '2,"Ninety minutes I will never get back.",negative\n'
        "3,Not good. Not bad.,",
        language=None,
    )
    plain(
        "The column with the reviews is found by itself. Labels are not needed; with them (0/1, pos/neg, stars and the "
        "like; in a column, or at one end of each line) the models are also judged. Any encoding will do.",
        muted=True,
    )


def preview(batch: Batch) -> None:
    """The first reviews of a file that is not scored yet, so that one can see what will be read."""
    plain("The first reviews, as they will be read:", muted=True)
    rows = range(min(len(batch), 100))
    st.dataframe(
        {"row": [row + 1 for row in rows], "review": [batch.excerpt(row) for row in rows]},
        column_config={"row": st.column_config.NumberColumn("Row", width=60), "review": "Review"},
        hide_index=True,
        height=380,
        key=f"batch_preview_{batch.number}",
    )


def _kept() -> dict[Source, Batch]:
    kept: dict[Source, Batch] = st.session_state.setdefault(keys.BATCHES, {})
    return kept


def _paste() -> None:
    text = st.text_area(
        "One review a line",
        key=keys.BATCH_LINES,
        height=170,
        max_chars=typed.most_taken(),
        placeholder="One review a line.\nA blank line is skipped.",
        persist_state="session",
    )
    if not _lines(text):
        _forget("paste")
        st.info("Paste or write some reviews, one a line.", icon=":material/edit:", title="No reviews yet")
    elif st.session_state.get(keys.BATCH_PASTED) != text or "paste" not in _kept():
        st.session_state[keys.BATCH_PASTED] = text
        _read("paste")


def _lines(text: str | None) -> list[str]:
    """Those that have something in them. They end as in a file: U+0085 or U+2028 stand inside of them."""
    return [line for line in re.split(r"\r\n|\r|\n", text or "") if line.strip()]


def _file() -> None:
    st.file_uploader(
        "CSV, TSV, JSON lines, or text with one review a line",
        key=keys.BATCH_UPLOAD,
        on_change=_uploaded,
        max_upload_size=settings.value("upload_file"),
        help=f"The column with the reviews is found by itself; you can change it. Up to {MOST_REVIEWS:,} reviews are "
        "scored here. The file stays in memory, and only until you close the page or clear it.",
    )


def _say_what_is_wrong(source: Source) -> None:
    problems: dict[Source, TableError] = st.session_state.get(keys.BATCH_PROBLEM, {})
    problem = problems.get(source)
    if problem is not None:
        st.warning(
            f"{problem.reason} Choose a CSV, TSV, JSON lines or text file with one review a row.",
            icon=":material/description:",
            title=f"{'This file holds' if source == 'file' else 'These lines hold'} no reviews that can be read",
        )
        if problem.detail:
            plain(problem.detail, muted=True)


def _uploaded() -> None:
    file = work.file_of(keys.BATCH_UPLOAD)
    st.session_state.pop(keys.BATCH_PROBLEM, None)
    if file is None:
        _forget("file")
        return
    st.session_state[keys.BATCH_FILE] = (file.getvalue(), file.name)
    _read("file")


def _read(source: Source, header: bool | None = None, form: str | None = None) -> None:
    """What was brought is to be read, or read again in another way, as soon as the page comes to it."""
    _due()[source] = (header, form)


def _due() -> dict[Source, tuple[bool | None, str | None]]:
    due: dict[Source, tuple[bool | None, str | None]] = st.session_state.setdefault(keys.BATCH_DUE, {})
    return due


def _read_what_is_due(source: Source) -> bool:
    """Read it now, in a worker unless it is small; False, with a message, while that cannot be."""
    if source not in _due():
        return True
    header, form = _due()[source]
    if source == "paste":
        # The mark says UTF-8, whatever file a pasted text may look like.
        data = "\n".join(_lines(st.session_state[keys.BATCH_PASTED])).encode("utf-8-sig", "replace")
        how = job.as_asked("pasted.txt", "text", None, form)
    else:
        data, name = st.session_state[keys.BATCH_FILE]
        how = job.as_asked(name, None, header, form)
    try:
        _replace(source, Batch(work.read("reviews", data, *how, what="Reading it")))
    except TableError as error:
        _forget(source)
        st.session_state[keys.BATCH_PROBLEM] = {source: error}
    except (work.Busy, work.TaskFailed) as error:
        work.say_no_answer(error, again="batch_read_again")
        return False
    _due().pop(source, None)
    return True


def _replace(source: Source, batch: Batch) -> None:
    if (old := _kept().get(source)) is not None:
        old.cancel()
    _kept()[source] = batch


def _forget(source: Source) -> None:
    if (old := _kept().pop(source, None)) is not None:
        old.cancel()
    _due().pop(source, None)
    for key in (keys.BATCH_PASTED if source == "paste" else keys.BATCH_FILE, keys.BATCH_PROBLEM):
        st.session_state.pop(key, None)


def _clear(source: Source) -> None:
    """The button: nothing of these reviews stays in memory."""
    _forget(source)
    if source == "paste":
        st.session_state[keys.BATCH_LINES] = ""
    st.session_state[keys.BATCH_SOURCE] = "examples"


def _say_what_it_is(batch: Batch, source: Source) -> None:
    reviews = batch.reviews
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            says = counted(len(batch), "review")
            if source == "examples":
                says += " written for this project, some of them hard, labelled with what they are meant to say."
            elif source == "file":
                says += f" from {reviews.name[:80]}"
            plain(says, muted=True)
        if source != "examples":
            st.button(
                "Clear",
                icon=":material/delete:",
                type="tertiary",
                on_click=_clear,
                args=(source,),
                help="Forget these reviews and their scores; they are in this session's memory only.",
            )
    if reviews.total > len(batch):
        st.warning(
            f"The file has {reviews.total:,} rows{' or more' if reviews.table.cut else ''}. The first {len(batch):,} "
            "are scored here, and the download holds those. For all of them, on a machine of your own: "
            f"`{command('models.score reviews.csv --model gru --output scored.csv')}`, which takes files of any size.",
            icon=":material/content_cut:",
            title="More rows than the app scores",
        )
    if batch.long:
        plain(
            f"{counted(batch.long, 'review')} of more than {job.MOST_CHARACTERS:,} characters: of each the "
            "beginning is read, so many characters of it.",
            muted=True,
        )
    if not batch.has_text:
        st.warning("No column seems to hold text. Choose the one with the reviews.", icon=":material/view_column:")
    for note in reviews.table.notes if source != "examples" else ():
        plain(note, muted=True)
