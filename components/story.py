"""How one model was trained, in plain words, told from its card alone."""

from __future__ import annotations

from typing import Any

from components.runs import facts, number
from models.catalog import ModelCard


def story(card: ModelCard) -> list[tuple[str, str]]:
    """How one model was trained, in plain words, from its card: pairs of heading and paragraph."""
    training, recipe = facts(card, "training"), facts(card, "recipe")
    told = [_data(training, recipe), _teacher(training, recipe), _early_words(recipe), _learning(training, recipe)]
    return [pair for pair in told if pair[1]]


def _data(training: dict[str, Any], recipe: dict[str, Any]) -> tuple[str, str]:
    reviews, held = number(training, "reviews"), number(training, "validation_reviews")
    if reviews is None or held is None:
        return "Data", ""
    learnt = f"It learnt from {reviews:,.0f} labelled film reviews; another {held:,.0f} were held out for validation."
    if "validation_size" not in recipe or training.get("limit"):
        return "Data", learnt
    beside = 25_000 - reviews - held
    unused = f" The {beside:,.0f} reviews beside the blocks are used for neither." if 0 < beside < 1_000 else ""
    return "Data", (
        f"{learnt} Both come from the training half of the Large Movie Review Dataset; validation is cut out in whole "
        f"blocks, so that no film stands on both sides.{unused} The 25,000 test reviews were not touched."
    )


def _teacher(training: dict[str, Any], recipe: dict[str, Any]) -> tuple[str, str]:
    unlabelled, teachers = number(training, "unlabelled_reviews"), recipe.get("teachers")
    if not unlabelled or not isinstance(teachers, list | tuple) or not teachers:
        return "The teacher", ""
    names = " and ".join(
        "a word-count model (naive Bayes)" if name == "naive_bayes" else f"the network `{name}`"
        for name in map(str, teachers)
        if name.isidentifier()
    )
    share = number(recipe, "unlabelled_per_epoch")
    every = f", {min(share, unlabelled):,.0f} of them an epoch" if share else ""
    return "The teacher", (
        f"It also read {unlabelled:,.0f} reviews that nobody labelled{every}. {names[:1].upper() + names[1:]} gave "
        "each a probability of being positive, and the network learnt to agree: more examples, and softer answers."
    )


def _early_words(recipe: dict[str, Any]) -> tuple[str, str]:
    running, crops = number(recipe, "running_loss"), number(recipe, "crops")
    parts = []
    if running:
        parts.append(
            f"{100 * running:.0f} % of the loss is taken after every word, later words counting more, and the rest at "
            "the end. That is why its prediction means something in the middle of a review."
        )
    elif running is not None:
        parts.append("All of the loss is taken at the end of the review: it was never asked earlier.")
    if crops:
        parts.append(
            f"{100 * crops:.0f} % of the labelled reviews are shown as a short stretch, so that it learns to read "
            "short texts too."
        )
    return "Early words", " ".join(parts)


def _learning(training: dict[str, Any], recipe: dict[str, Any]) -> tuple[str, str]:
    parts = []
    batch, epochs, best = number(recipe, "batch_size"), number(training, "epochs"), number(training, "best_epoch")
    if batch and epochs:
        parts.append(f"{epochs:.0f} epochs in batches of {batch:.0f} reviews.")
    if best:
        parts.append(f"The weights of epoch {best:.0f} were kept, where validation loss was lowest.")
    temperature = number(training, "temperature")
    if temperature:
        parts.append(
            f"At the end the logits were divided by {temperature:.2f}, so that P(positive) is as sure as it is right."
        )
    seed = number(recipe, "seed")
    if seed is not None:
        parts.append(f"Every random choice comes from seed {seed:.0f}; one command does it all again:")
    return "Learning", " ".join(parts)
