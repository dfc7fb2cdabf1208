"""What the steps of the lessons show: the same live panels as elsewhere, of the sentence on the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.compare import models as comparison
from components.evaluation import challenges
from components.evaluation import panels as evaluation_panels
from components.inside import equation, memory, units, weights
from components.inside import text as insights
from components.lessons import charts, claims
from components.lessons.board import Board
from components.lessons.charts import versions
from components.read.states import credited_words, prediction_and_states
from components.session import resources
from components.session.evidence import of_reviews
from components.ui.messages import plain
from components.ui.panel import heading, panel
from components.ui.player import player
from components.ui.sentences import quoted
from components.ui.theme import Palette
from components.ui.verdict import verdict_html
from models.compare.neighbours import nearest
from models.explain.distance import COUNTS
from models.figures.judged import Judged
from models.wording import listed

Array = np.ndarray
_ROWS = 8  # words left out, of those that are tried, that are drawn


def ids(board: Board, colours: Palette) -> None:
    """Every token and its id, and the words whose vectors are closest to that of the chosen one."""
    reader = board.readers["lstm"]
    weights.tokens_and_ids(reader.trace, reader.card)
    heading("The closest word vectors", alike(board), key="closest")


def states(board: Board, colours: Palette) -> None:
    """All units at every word."""
    view = board.view("lstm")
    st.fragment(units.hidden_states)(view, colours)
    plain(f"▸ marks unit {view.unit}, the one that weighs most in the verdict.")


def running_prediction(board: Board, colours: Palette) -> None:
    """P(positive) after every word."""
    reader = board.readers["lstm"]
    prediction_and_states(reader.trace, reader.card.family, colours)


def shares(board: Board, colours: Palette) -> None:
    """The words, coloured by their credit, and the sum."""
    trace = board.readers["lstm"].trace
    credited_words(board.sentence, trace, colours)
    plain(insights.total(trace))


def one_cell(board: Board, colours: Palette) -> None:
    """The cell of one unit, played word by word."""
    reader = board.readers["lstm"]
    player(reader.trace, reader.card, colours, review=board.sentence, cursor=board.cursor, key="lesson-cell")


def arithmetic(name: str) -> Callable[[Board, Palette], None]:
    """What draws one network's equations at the word."""
    return lambda board, colours: equation.arithmetic(board.view(name), board.step(name), None, colours)


def through_time(board: Board, colours: Palette) -> None:
    """What reaches the last state of each network."""
    memory.through_time(board.remembered, board.view("lstm"), colours)


def fillers(board: Board, colours: Palette) -> None:
    """Words without an opinion behind the word, as many as the slider says."""
    reader = board.readers["lstm"]
    memory.fillers(board.view("lstm"), reader.card, board.sentence, board.remembered, colours)


def over_200_words(board: Board, colours: Palette) -> None:
    """The gradient over a review of 200 words, a line a network."""
    sentence = claims.over_200_words(board.carried)
    panel(
        "The gradient over a review of 200 words",
        sentence,
        charts.over_words(board.carried, board.families, colours),
        key="over-200-words",
        alt=f"Lines on a logarithmic scale: the gradient at each of 200 words, one a network. {sentence}",
        table=lambda: pd.DataFrame({title: found.gradient for title, found in board.carried.items()}),
    )


def behind_neutral_words(board: Board, colours: Palette) -> None:
    """What becomes of a verdict behind 0 to 200 words without an opinion."""
    sentence = claims.behind_neutral_words(board.carried)
    panel(
        "“a wonderful film”, and words without an opinion behind it",
        sentence,
        charts.behind_words(board.carried, board.families, colours),
        key="behind-neutral-words",
        alt=f"Lines: P(positive) over 0 to 200 words without an opinion, one a network. {sentence}",
        table=lambda: pd.DataFrame(
            {"neutral_words": COUNTS, **{title: found.praise for title, found in board.carried.items()}}
        ),
    )


def running_side_by_side(board: Board, colours: Palette) -> None:
    """Three readings on one axis."""
    comparison.running_side_by_side(list(board.readers.values()), False, colours)


def credit_side_by_side(board: Board, colours: Palette) -> None:
    """What every word did to the three verdicts."""
    comparison.credit_side_by_side(list(board.readers.values()), colours)


def other_orders(board: Board, colours: Palette) -> None:
    """The sentence as it is, backwards, and in alphabetical order."""
    if len(board.readers["lstm"].trace.tokens) < 2:
        plain("One word has no order. Write two or more.")
        return
    labels = [name for name, _ in board.written]
    sentence = claims.orders(board.orders)
    _versions("The same words in three orders", sentence, labels, board.orders, "orders", board, colours)


def one_word_less(board: Board, colours: Palette) -> None:
    """The sentence without one of its words: those that the LSTM misses most."""
    tokens = board.readers["lstm"].trace.tokens
    if len(tokens) < 2:
        plain("Without its one word nothing is left to read. Write two or more.")
        return
    found, title = board.without_each_word, board.readers["lstm"].card.title
    moved = np.abs(found[title][1:] - found[title][0])
    rows = np.sort(np.argsort(-moved, kind="stable")[:_ROWS])
    labels = ["as written", *(f"without {quoted(tokens[row])} ({row + 1})" for row in rows)]
    drawn = {name: values[[0, *(rows + 1)]] for name, values in found.items()}
    most = int(moved.argmax())
    sentence = claims.without_a_word(found[title], title, f"{quoted(tokens[most])} (word {most + 1})")
    if len(rows) < len(moved):
        sentence += f" Shown: the {len(rows)} words without which it moves most."
    if len(moved) < len(tokens):
        sentence += f" Only the first {len(moved)} of {len(tokens):,} words were taken out."
    _versions("Without one word", sentence, labels, drawn, "one-word-less", board, colours)


def score(board: Board, colours: Palette) -> None:
    """The verdict, and how often one like it was right."""
    reader = board.readers["lstm"]
    st.html(verdict_html(reader.trace))
    plain(of_reviews(reader.trace, reader.card))


def calibration(board: Board, colours: Palette) -> None:
    """Scores against what was true, for the trio."""
    evaluation_panels.calibration(judged(board), colours)


def accuracy(group: str) -> Callable[[Board, Palette], None]:
    """What draws the trio's accuracy on one group of texts."""
    return lambda board, colours: challenges.by_kind(judged(board), colours, group)


def alike(board: Board) -> str:
    """The words that the LSTM holds to be most like the chosen one."""
    token = board.readers["lstm"].trace.tokens[board.cursor]
    (near,) = nearest(resources.model("lstm"), [token.id])
    if not token.known or not near:
        return f"{quoted(token)} is not in the list, so it has no vector of its own."
    return (
        f"Closest to {quoted(token)}: {listed(near)}. Nobody told the network so: words come close to each other where "
        "reviews use them alike."
    )


def judged(board: Board) -> list[Judged]:
    """The trio's figures on the test set; a network without them is left out."""
    found = [(reader.card, resources.evaluation(reader.card)) for reader in board.readers.values()]
    return [Judged(card, figures, 0) for card, figures in found if figures is not None]


def _versions(
    title: str,
    sentence: str,
    labels: Sequence[str],
    found: dict[str, Array],
    key: str,
    board: Board,
    colours: Palette,
) -> None:
    panel(
        title,
        sentence,
        versions(labels, found, board.families, colours),
        key=key,
        alt=f"P(positive) of {len(labels)} versions by {listed(list(found))}. {sentence}",
        table=lambda: pd.DataFrame({"version": labels, **found}),
    )
