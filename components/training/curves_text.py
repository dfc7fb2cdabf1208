"""What the numbers of the training runs say: sentences under the curves, and the table of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.ui.format import percent
from components.ui.theme import Palette
from components.ui.verdict import SHAPES
from models import card_facts
from models.card import ModelCard
from models.card_facts import kept_epoch, training_minutes
from models.figures.statistics import margin
from models.history.curves import Along
from models.history.history import History

_RISES = 1.05  # validation loss that has grown by a twentieth since its best counts as overfitting


def about_loss(histories: Sequence[History]) -> str:
    """Which run has the lowest validation loss and when, how the others follow, what each took to get as far."""
    judged = sorted((h for h in histories if h.best is not None), key=_lowest)
    if not judged:
        return "There is no validation loss here: nothing says which epoch was best."
    first = judged[0]
    if len(judged) == 1:
        return (
            f"{first.title} is best after {_epoch(first)}: validation loss {_lowest(first):.3f} nats. {_after(first)}"
        )
    others = ", ".join(f"{h.title} {_lowest(h):.3f} ({_epoch(h)})" for h in judged[1:5])
    return (
        f"Lowest validation loss: {first.title}, {_lowest(first):.3f} nats after {_epoch(first)}; "
        f"{others}. {_pace(judged)}"
    )


def about_accuracy(histories: Sequence[History], reviews: Mapping[str, float | None]) -> str:
    """How often each is right on validation at its best epoch, and whether the difference can be chance.

    Args:
        reviews: size of the validation set by ``History.name``.
    """
    right = [(h, float(h.values["val_accuracy"][h.best])) for h in histories if h.best is not None]
    right = sorted(((h, share) for h, share in right if np.isfinite(share)), key=lambda pair: -pair[1])
    if not right:
        return "There is no validation accuracy here."
    listed = ", ".join(f"{h.title} {percent(share, 1)}" for h, share in right[:5])
    sentence = f"Right verdicts on validation reviews at the best epoch: {listed}."
    n = reviews.get(right[0][0].name)
    if not n or (len(right) > 1 and reviews.get(right[1][0].name) != n):
        known = {size for history, _ in right if (size := reviews.get(history.name))}
        return f"{sentence} They were not judged on the same reviews." if len(known) > 1 else sentence
    p = right[0][1]
    chance = 100 * margin(p, int(n))
    if len(right) == 1:
        return f"{sentence} With {n:,.0f} of them, chance alone moves this by ±{chance:.1f} points."
    lead = 100 * (p - right[1][1])
    verdict = "smaller" if lead < chance else "larger"
    return (
        f"{sentence} The lead of {lead:.1f} points is {verdict} than what chance moves: ±{chance:.1f} "
        f"at {n:,.0f} reviews."
    )


def about_gap(histories: Sequence[History]) -> str:
    """What the distance between the two losses says about overfitting at the last epoch."""
    parts = []
    for history in histories:
        gaps = history.values["val_loss"] - history.values["loss"]
        known = np.flatnonzero(np.isfinite(gaps))
        if len(known):
            gap = float(gaps[known[-1]])
            side = "above" if gap > 0 else "below"
            parts.append(f"{history.title} {abs(gap):.3f} nats {side}")
    listed = ", ".join(parts) if parts else "not known"
    return f"Validation loss against training loss at the last epoch: {listed}. Above it, and growing, is overfitting."


def without(histories: Sequence[History], along: Along) -> tuple[History, ...]:
    """The runs that cannot be drawn along this axis."""
    if along == "epoch":
        return ()
    return tuple(h for h in histories if (h.steps if along == "step" else h.seconds) is None)


def run_table(cards: Sequence[ModelCard], histories: Mapping[str, History]) -> pd.DataFrame:
    """One row a model, in display order; empty cells are not known (test accuracy: not evaluated yet)."""
    rows = []
    for card in cards:
        training, history = card_facts.training(card), histories.get(card.name)
        best = history.best if history else None
        elapsed = history.elapsed if history else None
        accuracy = training.validation_accuracy
        kept = kept_epoch(card, best)
        if history is not None and best is not None and kept is not None and 1 <= kept <= history.epochs:
            accuracy = float(history.values["val_accuracy"][int(kept) - 1])
        rows.append(
            {
                "model": card.title,
                "family": f"{SHAPES.get(card.family, '▲')} {card.family}",
                "parameters": card.parameters,
                "epochs": history.epochs if history else training.epochs,
                "best_epoch": best + 1 if best is not None else training.best_epoch,
                "kept_epoch": kept,
                "validation_accuracy": None if accuracy is None else 100 * accuracy,
                "test_accuracy": None if card.test_accuracy is None else 100 * card.test_accuracy,
                "minutes": training_minutes(card, None if elapsed is None else float(elapsed[-1]) / 60),
                "training_reviews": training.reviews,
                "validation_reviews": training.validation_reviews,
                "unlabelled_reviews": training.unlabelled_reviews,
                "seed": card_facts.recipe(card).seed,
                "machine": training.machine,
            }
        )
    table = pd.DataFrame(rows)
    whole = (
        "parameters",
        "epochs",
        "best_epoch",
        "kept_epoch",
        "training_reviews",
        "validation_reviews",
        "unlabelled_reviews",
        "seed",
    )
    return table.astype(
        dict.fromkeys(whole, "Int64") | {"validation_accuracy": float, "test_accuracy": float, "minutes": float}
    )


def show_table(table: pd.DataFrame, colours: Palette) -> None:
    """Draw the table of runs, each family in its colour."""
    config = st.column_config
    inks = {f"{SHAPES[family]} {family}": f"color: {ink}" for family, ink in colours.families.items()}
    st.dataframe(
        table.style.map(lambda family: inks.get(family, ""), subset=["family"]),
        hide_index=True,
        key="runs-table",
        height="content",
        placeholder="–",
        alt=f"A table of {len(table)} training runs",
        column_config={
            "model": config.TextColumn("Model", pinned=True),
            "family": config.TextColumn("Family"),
            "parameters": config.NumberColumn("Parameters", format="localized"),
            "epochs": config.NumberColumn("Epochs"),
            "best_epoch": config.NumberColumn("Best epoch", help="Lowest validation loss."),
            "kept_epoch": config.NumberColumn(
                "Kept epoch",
                help="Whose weights are on the shelf: the best one’s; of articles that keep none, the last.",
            ),
            "validation_accuracy": config.NumberColumn(
                "Validation",
                format="%.1f %%",
                help="Accuracy at the kept epoch, each on validation reviews of its own.",
            ),
            "test_accuracy": config.NumberColumn(
                "Test",
                format="%.1f %%",
                help="Accuracy on the official 25,000 test reviews (one article cuts 5,000 of its own, see below); "
                "empty until evaluated.",
            ),
            "minutes": config.NumberColumn(
                "Minutes",
                format="%.1f",
                help="Wall clock: all epochs, and guessing words before them, if it did. Without its teachers.",
            ),
            "training_reviews": config.NumberColumn("Training reviews", format="localized"),
            "validation_reviews": config.NumberColumn("Validation reviews", format="localized"),
            "unlabelled_reviews": config.NumberColumn(
                "Unlabelled", format="localized", help="Reviews without a label that it read besides."
            ),
            "seed": config.NumberColumn("Seed"),
            "machine": config.TextColumn("Machine"),
        },
    )


def about_runs(table: pd.DataFrame) -> str:
    """Parameters and minutes, at a glance."""
    known = table.dropna(subset=["minutes"])
    if known.empty:
        return f"{len(table)} on the shelf."
    ordered = known.sort_values("minutes")
    fast, slow = ordered.iloc[0], ordered.iloc[-1]
    if len(known) == 1:
        return f"{fast['model']} took {fast['minutes']:.1f} minutes of training."
    return (
        f"{len(table)} models; training took from {fast['minutes']:.1f} minutes ({fast['model']}) to "
        f"{slow['minutes']:.1f} ({slow['model']}) by the clock: other work on the machine lengthens them."
    )


def _lowest(history: History) -> float:
    return float(history.values["val_loss"][history.best or 0])


def _epoch(history: History) -> str:
    return f"epoch {history.epoch_of(history.best or 0)} of {history.epochs}"


def _after(history: History) -> str:
    """What happened after the best epoch."""
    losses, best = history.values["val_loss"], history.best or 0
    if not np.isfinite(losses[best + 1 :]).any():
        return (
            "That was the last one: it might have gone on improving."
            if history.epochs > 1
            else "It had one epoch only."
        )
    last = float(losses[np.isfinite(losses)][-1])
    if last > _RISES * losses[best]:
        return f"After that it rises to {last:.3f}: overfitting."
    return f"After that it stays about level, at {last:.3f} in the end."


def _pace(judged: Sequence[History]) -> str:
    """Minutes that each needed to reach the loss that all of them reached."""
    target = max(_lowest(history) for history in judged)
    times = []
    for history in judged[:5]:
        if history.elapsed is None:
            continue
        reached = np.flatnonzero(history.values["val_loss"] <= target)
        times.append((float(history.elapsed[reached[0]]) / 60, history.title))
    if len(times) < 2:
        return ""
    listed = ", ".join(f"{title} {minutes:.1f}" for minutes, title in sorted(times))
    return f"Minutes of epochs to a loss of {target:.3f}, which all reached: {listed}."
