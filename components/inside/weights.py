"""What goes into the network: every token with its id, unknown words, padding and where it is put, what is left out.

All words are shown escaped.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.session import resources
from components.ui import styles
from components.ui.format import agreeing, counted, shortened, signed
from components.ui.messages import plain
from components.ui.panel import heading
from components.ui.sentences import quoted_span, unknown_words
from components.ui.words import visible
from models.card import ModelCard
from models.nn.cells import sigmoid
from models.nn.padding import Effect, effect, filled
from models.sentiment import Trace
from models.text import OUT_OF_VOCABULARY, PADDING, Token, Vocabulary

# So many words are shown from the beginning and from the end of what is read; the CSV has all of them.
MOST_FIRST, MOST_LAST = 70, 40
_LETTERS = 24
EXAMPLE = ("Fast cars are good", "Football is a famous sport", "Be happy Be positive")
EXAMPLE_LENGTH = 10


def what_goes_in(trace: Trace, card: ModelCard) -> None:
    """The strip of ids for this review, what the padding did, and the textbook example with this vocabulary."""
    model = resources.model(card.name)
    tokens_and_ids(trace, card)
    found = effect(model.network, trace)
    if found is not None:
        plain(padding_did(found, trace))
    heading(
        f"Three sentences, padded to {EXAMPLE_LENGTH}",
        what_it_does(card, model.network.padded_to),
        key="padding-example",
        table=lambda: example_table(model.vocabulary),
    )
    st.html(example_html(model.vocabulary))


def tokens_and_ids(trace: Trace, card: ModelCard) -> None:
    """Every token above its id."""
    st.html(styles.tag("inside/weights.css"))
    heading("Tokens, ids and padding", reads(trace, card), key="input", table=lambda: input_table(trace))
    st.html(strip_html(trace))


def reads(trace: Trace, card: ModelCard) -> str:
    """How the review becomes ids: how many words, which are unknown, what is filled up, what is left out."""
    n, unknown = len(trace.tokens), len(trace.tokens) - trace.known
    which = "all of them known"
    if unknown:
        shares = f"{unknown:,} {agreeing(unknown, 'shares', 'share')} id {OUT_OF_VOCABULARY}"
        which = f"{shares}, “unknown”: {visible(unknown_words(trace))}"
    summary = f"{counted(n, 'word')} in, {counted(n, 'id')}, {which}."
    if trace.padding:
        summary += (
            f" {trace.padding:,} × padding (id {PADDING}) goes in front, up to {card.max_timesteps:,} timesteps, and "
            "the network reads it like words."
        )
    elif card.unread_end == "start":
        summary += f" They fill all {card.max_timesteps:,} timesteps, so there is no padding."
    else:
        summary += " No padding: a review read alone is not filled up."
    if trace.unread:
        kept, lost = ("last", "first") if trace.unread_end == "start" else ("first", "last")
        lost_words = f"the {lost} {len(trace.unread):,} {agreeing(len(trace.unread), 'is', 'are')} not read"
        summary += f" It reads the {kept} {card.max_timesteps:,} words only: {lost_words}."
    return summary


def padding_did(found: Effect, trace: Trace) -> str:
    """What the padding alone did, in numbers."""
    without = float(sigmoid(found.without))
    beside = (
        f"Read without any padding, the same words would give P(positive) = {without:.3f} instead of "
        f"{trace.probability:.3f}."
    )
    steps = f"{counted(found.timesteps, 'timestep')} of padding"
    if found.logit is None:
        return (
            f"The forward layer reads {steps} before the first word, the backward layer after its last one; together "
            f"they add {signed(found.credit)} to the logit. {beside}"
        )
    return (
        f"After {steps} and before the first word, the logit already stands at {signed(found.logit)} "
        f"(P(positive) = {float(sigmoid(found.logit)):.3f}). {beside}"
    )


def what_it_does(card: ModelCard, padded_to: int) -> str:
    """One sentence: where this model puts padding, and whether it reads it."""
    if padded_to:
        return (
            f"{card.title} pads in front (“pre”), to {padded_to:,} timesteps, and without a mask: it reads every 0. A "
            "review that is too long loses its beginning."
        )
    return (
        f"{card.title} pads behind (“post”), and only to the longest review of a batch; a mask makes it pass over "
        "every 0. A review that is too long loses its end."
    )


def input_table(trace: Trace) -> pd.DataFrame:
    """One row an id in the order of the network's timesteps, padding and all; words left out have no timestep."""
    rows: list[tuple[int | None, str, str, int, bool | None]] = []
    rows += [(t, "padding", "", PADDING, None) for t in range(1, trace.padding + 1)]
    rows += [(trace.padding + i, "word", t.text, t.id, t.known) for i, t in enumerate(trace.tokens, 1)]
    left_out = [(None, "not read", token.text, token.id, token.known) for token in trace.unread]
    rows = [*left_out, *rows] if trace.unread_end == "start" else [*rows, *left_out]
    table = pd.DataFrame(rows, columns=["timestep", "kind", "word", "id", "in_vocabulary"])
    return table.astype({"timestep": "Int64", "in_vocabulary": "boolean"})


def strip_html(trace: Trace) -> str:
    """The review as the network gets it: a box a word with its id below, runs of padding and of words as one box."""
    cells = []
    if trace.padding:
        span = f"timesteps 1–{trace.padding:,}" if trace.padding > 1 else "timestep 1"
        cells.append(f'<li class="pad"><b>{trace.padding:,} × padding</b><i>id {PADDING} · {span}</i></li>')
    tokens = trace.tokens
    if len(tokens) <= MOST_FIRST + MOST_LAST + 1:
        cells += map(_word, tokens)
    else:
        hidden = len(tokens) - MOST_FIRST - MOST_LAST
        cells += map(_word, tokens[:MOST_FIRST])
        cells.append(f'<li class="more"><b>{counted(hidden, "more word")}</b><i>all in the CSV</i></li>')
        cells += map(_word, tokens[-MOST_LAST:])
    if trace.unread:
        at_start = trace.unread_end == "start"
        cells.insert(0 if at_start else len(cells), _left_out(trace.unread, "first" if at_start else "last"))
    return (
        '<div class="unrolled-input" tabindex="0" role="region" aria-label="What goes into the network">'
        f"<ol>{''.join(cells)}</ol></div>"
    )


def example_table(vocabulary: Vocabulary) -> pd.DataFrame:
    """The three sentences, padded both ways: one row a sentence and way, one column a timestep."""
    columns = [f"timestep_{i}" for i in range(1, EXAMPLE_LENGTH + 1)]
    rows = []
    for where in ("pre", "post"):
        for sentence in EXAMPLE:
            ids = filled([token.id for token in vocabulary.tokenize(sentence)], EXAMPLE_LENGTH, where)
            rows.append([where, sentence, *ids])
    return pd.DataFrame(rows, columns=["padding", "sentence", *columns])


def example_html(vocabulary: Vocabulary) -> str:
    """The same, side by side for teaching: every id with its word above, padding as a hatched 0."""
    return f'<div class="unrolled-padded">{_padded("pre", vocabulary)}{_padded("post", vocabulary)}</div>'


def _padded(where: str, vocabulary: Vocabulary) -> str:
    title = "padding in front, “pre”" if where == "pre" else "padding behind, “post”"
    rows = []
    for sentence in EXAMPLE:
        tokens = vocabulary.tokenize(sentence)
        gap = ["<td class='pad'><small>&nbsp;</small>0</td>"] * (EXAMPLE_LENGTH - len(tokens))
        words = [
            f"<td{'' if token.known else ' class=unknown'}><small>{html.escape(token.text)}</small>{token.id}</td>"
            for token in tokens
        ]
        rows.append(f"<tr>{''.join(gap + words if where == 'pre' else words + gap)}</tr>")
    numbers = "".join(f'<th scope="col">{i}</th>' for i in range(1, EXAMPLE_LENGTH + 1))
    return f"<table><caption>{title}</caption><thead><tr>{numbers}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _word(token: Token) -> str:
    unknown = "" if token.known else ' class="unknown"'
    return f"<li{unknown}><b>{html.escape(_short(token.text))}</b><i>{token.id}</i></li>"


def _left_out(unread: Sequence[Token], which: str) -> str:
    """One box for all words that are not read, naming the two at its edges."""
    n = len(unread)
    count = agreeing(n, "word", counted(n, "word"))
    return f'<li class="out"><b>{which} {count}: not read</b><i>{html.escape(visible(quoted_span(unread)))}</i></li>'


def _short(text: str) -> str:
    return visible(shortened(text, _LETTERS))
