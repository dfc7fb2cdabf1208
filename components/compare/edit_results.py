"""The original and the edited review: the difference word by word, and what it did to every model."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.compare.charts.edits import column_words, overlay, shuffles, state_paths
from components.session import resources
from components.ui import labels, messages
from components.ui.edited_text import marked
from components.ui.format import signed
from components.ui.html_table import html_table
from components.ui.panel import heading, panel
from components.ui.sentences import quoted
from components.ui.theme import Palette
from components.ui.verdict import family_mark, in_words, position_bar, ranks
from models.compare import edits
from models.compare.edits import Pair
from models.compare.readers import Reader

Versions = Sequence[tuple[Reader, Reader]]  # by model: its reading of the original, and of the edited review
SHUFFLES = 20
_FLAT = 0.005

_LEGEND = (
    '<del class="u-edit">struck out</del> is gone, <ins class="u-edit">+underlined</ins> is new, '
    '<span class="u-edit">boxed</span> is replaced.'
)


def difference(review: str, edited: str, versions: Versions) -> None:
    """The two texts, one above the other, and a table of what changed for every model."""
    before, after = (reader.trace.tokens for reader in versions[0])
    pairs = edits.aligned(before, after)
    heading("What the edit changed", change_sentence(versions), key="changes", table=lambda: change_table(versions))
    changes_table(versions)
    _text("Original", marked(review, before, pairs, "before"))
    _text("Edited", marked(edited, after, pairs, "after"))
    st.html(f'<p class="u-key">{_LEGEND} {html.escape(_counted(pairs))}</p>')


def both_readings(versions: Versions, colours: Palette) -> None:
    """Both running predictions on one aligned word axis, and both paths through state space."""
    pairs = edits.aligned(*(reader.trace.tokens for reader in versions[0]))
    lines = [(old, new) for old, new in versions if old.running is not None]
    if lines:
        panel(
            "P(positive) after every word, original and edited",
            overlay_sentence(*lines[0], pairs),
            overlay(pairs, lines, colours),
            key="overlay",
            alt="One row a model: two lines over the same words, the original dotted, the edited review solid. "
            + "; ".join(f"{o.card.title} {o.trace.probability:.2f} → {n.trace.probability:.2f}" for o, n in lines),
            table=lambda: overlay_table(pairs, lines),
        )
    else:
        messages.plain("These networks read from both ends, so there is no prediction after every word to lay over.")
    with st.expander("Both paths through state space", key="edit-paths", on_change="rerun") as paths:
        if paths.open:
            for old, new in versions:
                panel(
                    f"{old.card.title}: the hidden state, word by word",
                    path_sentence(old, new),
                    state_paths(old, new, colours),
                    key=f"path-{old.card.name}",
                    alt="Two paths through the plane in which the hidden states of both readings vary most",
                    table=lambda old=old, new=new: path_table(old, new),  # type: ignore[misc]
                )
    with st.expander("Does the order of the words matter?", key="edit-order", on_change="rerun") as order:
        if order.open:
            word_order([old for old, _ in versions], colours)


def word_order(readers: Sequence[Reader], colours: Palette) -> None:
    """The same words in 20 other orders: what is left of the verdict when only the words are."""
    tokens = readers[0].trace.tokens
    text = " ".join(token.text for token in tokens)
    alone = resources.model(readers[0].card.name).vocabulary.tokenize(text)
    texts = [edits.apply(text, alone, edits.shuffled(alone, seed)) for seed in range(1, SHUFFLES + 1)]
    found = {reader.card.name: resources.model(reader.card.name).predict(texts) for reader in readers}
    panel(
        "The original review with its words in 20 other orders",
        order_sentence(found, readers),
        shuffles(found, readers, colours),
        key="order",
        alt="One row a model: P(positive) in order as a large marker, of 20 shuffles as small ones",
        table=lambda: pd.DataFrame({"order": range(1, SHUFFLES + 1), **found}),
    )


def change_sentence(versions: Versions) -> str:
    """The change of P(positive) in numbers and words."""
    parts = []
    for old, new in versions:
        p, q = old.trace.probability, new.trace.probability
        verb = "stays at" if abs(q - p) < _FLAT else f"{'rises' if q > p else 'falls'} from {p:.2f} to"
        flip = "" if old.positive == new.positive else f": now {in_words(q)}"
        parts.append(f"{old.card.title} {verb} {q:.2f}{flip}")
    return "; ".join(parts) + "."


def changes_table(versions: Versions) -> None:
    """One row a model: before, after, change, and what became of the verdict."""
    rows, rank = [], ranks(old.card for old, _ in versions)
    for old, new in versions:
        p, q = old.trace.probability, new.trace.probability
        sides = [html.escape(labels.relabelled("positive" if reader.positive else "negative")) for reader in (old, new)]
        fate = f"stays {sides[0]}" if sides[0] == sides[1] else f"<b>turns from {sides[0]} to {sides[1]}</b>"
        rows.append(
            f"<tr><td>{family_mark(old.card, rank[old.card.name])}</td>"
            f"<td>{position_bar(p)} {p:.3f}</td><td>{position_bar(q)} {q:.3f}</td>"
            f'<td class="number">{signed(q - p, 3)}</td>'
            f"<td>{fate}</td></tr>"
        )
    html_table(("model", "original", "edited", "change", "verdict"), rows, "What the edit changes", right=(3,))


def overlay_sentence(old: Reader, new: Reader, pairs: Sequence[Pair]) -> str:
    """Where the two readings of one model lie furthest apart, and how far at the end."""
    if all(pair.kind == "same" for pair in pairs):
        return "The two texts are the same, word by word."
    assert old.running is not None
    assert new.running is not None
    shared = [pair for pair in pairs if pair.before is not None and pair.after is not None]
    gaps = [abs(float(old.running[pair.before]) - float(new.running[pair.after])) for pair in shared]
    end = abs(new.trace.probability - old.trace.probability)
    if not gaps:
        return f"They have no word in common; {old.card.title} ends {end:.2f} apart."
    widest = int(np.argmax(gaps))
    token = new.trace.tokens[shared[widest].after or 0]
    return (
        f"{old.card.title}: the two readings lie furthest apart, by {gaps[widest]:.2f}, after {quoted(token)}; "
        f"at the end the difference is {end:.2f}."
    )


def path_sentence(old: Reader, new: Reader) -> str:
    """How far apart the paths end, against the length of one."""
    first, second = (reader.trace.layers[-1].hidden_states for reader in (old, new))
    apart = float(np.linalg.norm(first[-1] - second[-1]))
    step = float(np.linalg.norm(np.diff(first, axis=0), axis=1).mean()) if len(first) > 1 else 0.0
    compared = f", as far as {apart / step:.1f} average steps from word to word" if step > 0 else ""
    return f"The last states lie {apart:.2f} apart in {first.shape[1]} dimensions{compared}."


def order_sentence(found: dict[str, np.ndarray], readers: Sequence[Reader]) -> str:
    """How often another order turns the verdict, model by model."""
    parts = []
    for reader in readers:
        values = found[reader.card.name]
        turned = int(((values >= 0.5) != reader.positive).sum())
        parts.append(
            f"{reader.card.title} changes its verdict in {turned} of {len(values)} orders "
            f"({values.min():.2f} to {values.max():.2f}, in order {reader.trace.probability:.2f})"
        )
    return "; ".join(parts) + "."


def change_table(versions: Versions) -> pd.DataFrame:
    """One row a model, for the CSV."""
    rows = [(old.card.name, old.trace.probability, new.trace.probability) for old, new in versions]
    return pd.DataFrame(rows, columns=["model", "p_original", "p_edited"])


def overlay_table(pairs: Sequence[Pair], lines: Versions) -> pd.DataFrame:
    """One row an aligned column; a model's P(positive) is empty where its text has no word."""
    old, new = lines[0]
    table: dict[str, object] = {
        "column": range(1, len(pairs) + 1),
        "word": [word.text for word in column_words(pairs, old.trace.tokens, new.trace.tokens)],
        "kind": [pair.kind for pair in pairs],
    }
    for one, other in lines:
        for reader, name, places in (
            (one, "original", [pair.before for pair in pairs]),
            (other, "edited", [pair.after for pair in pairs]),
        ):
            running = reader.running
            assert running is not None
            table[f"{reader.card.name} {name}"] = [
                None if place is None or place >= len(running) else float(running[place]) for place in places
            ]
    return pd.DataFrame(table)


def path_table(old: Reader, new: Reader) -> pd.DataFrame:
    """The top layer's hidden states of both readings, one row a word."""
    frames = []
    for name, reader in (("original", old), ("edited", new)):
        frame = pd.DataFrame(reader.trace.layers[-1].hidden_states)
        frame.insert(0, "word", [token.text for token in reader.trace.tokens])
        frame.insert(0, "text", name)
        frames.append(frame)
    return pd.concat(frames)


def _text(title: str, body: str) -> None:
    st.html(
        f'<p class="u-plain"><b>{title}</b></p>'
        '<div class="unrolled-review u-short" tabindex="0" role="region" '
        f'aria-label="{title} review, edited words marked">{body}</div>'
    )


def _counted(pairs: Sequence[Pair]) -> str:
    counts = {kind: sum(pair.kind == kind for pair in pairs) for kind in ("replaced", "removed", "added")}
    numbers = [f"{count:,} {kind}" for kind, count in counts.items() if count]
    return f"Of {len(pairs):,} words: {', '.join(numbers)}." if numbers else "No word is different."
