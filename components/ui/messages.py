"""One typed error becomes one message that says what happened and what to do next.

Visitors' words are shown with ``plain`` or inside ``st.html`` after escaping, never through Markdown: Markdown would
load the pictures and follow the links that a text names.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from components.ui import labels
from components.ui.format import command
from models.errors import ArtifactError, EmptyReview, UnknownModel


def kept_whole(text: str) -> str:
    """Text in which no percent sign begins a line."""
    return text.replace(" %", "\u00a0%")


def escaped(text: str) -> str:
    """Text that may hold visitors' words as HTML in which nothing is rendered and no percent sign begins a line."""
    return html.escape(labels.relabelled(text)).replace(" %", "&nbsp;%")


def plain(*texts: str, muted: bool = False) -> None:
    """Paragraphs of text that may hold visitors' words; nothing in them is rendered."""
    st.html("".join(plain_html(text, muted=muted) for text in texts))


def plain_html(text: str, *, muted: bool = False) -> str:
    """A paragraph of ``plain``."""
    return f'<p class="u-plain{" u-muted" if muted else ""}">{escaped(text)}</p>'


def problem(error: Exception) -> None:
    """Say what went wrong with a reading, beside the box it went wrong in."""
    if isinstance(error, EmptyReview):
        st.info(
            "There is no word to read yet. Write a sentence about a film, in English, or choose an example above. "
            "Emoji and punctuation alone are not words to these networks.",
            icon=":material/edit:",
            title="Nothing to read",
        )
    elif isinstance(error, UnknownModel):
        st.warning(
            "The link asks for a model that is not on this shelf. The text is still here: choose one of the models.",
            icon=":material/help:",
            title="No such model",
        )
    elif isinstance(error, ArtifactError):
        st.warning(
            f"The file {error.file} of the model {error.model} is missing or damaged, so it cannot read. "
            "The other models still work, and the text is still here.",
            icon=":material/broken_image:",
            title="This model is out of order",
        )
    else:
        raise error


def damaged_file(error: ArtifactError, rest: str) -> None:
    """Name a file that cannot be read; ``rest``: what that leaves out, and what it does not."""
    st.warning(
        f"The file {error.file} of the model `{error.model}` is missing or damaged. {rest}",
        icon=":material/broken_image:",
        title="A file is out of order",
    )


def empty_shelf() -> None:
    """No network is there, which only whoever runs the server can mend."""
    st.error(
        f"There is no model on the shelf. Whoever runs this server trains one with `{command('models.train lstm')}`.",
        title="Empty shelf",
    )


def unknown(known: int, words: int, opinions: Sequence[str] = ()) -> None:
    """Say so where a quarter of the words or more are unknown; of none, that the verdict means nothing.

    Args:
        known: how many of the ``words`` are in the vocabulary.
        opinions: the words of opinion, where none of them is known: then the verdict rests on the others.
    """
    unknown_words = words - known
    if not unknown_words or (4 * unknown_words < words and not opinions):
        return
    if known:
        st.info(
            f"{unknown_words:,} of the {words:,} words {'is' if unknown_words == 1 else 'are'} not in this model's "
            f"vocabulary{', among them every word of opinion' if opinions else ''}, and it cannot tell them "
            f"apart. Its verdict rests on the other {'one' if known == 1 else f'{known:,}'}. It learnt from English "
            "film reviews.",
            icon=":material/translate:",
            title="Most words are new to it"
            if 2 * known < words
            else "No word of opinion is known to it"
            if opinions
            else "Many words are new to it",
        )
        return
    count = "The one word" if words == 1 else f"None of the {words:,} words"
    st.warning(
        f"{count} {'is not' if words == 1 else 'is'} in this model's vocabulary: it learnt from English film reviews. "
        "What you see below is how it reads a text it does not understand. Try an English sentence.",
        icon=":material/translate:",
        title="Not a word it knows",
    )
