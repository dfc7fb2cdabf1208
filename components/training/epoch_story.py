"""How one model was trained, in plain words, told from its card alone."""

from __future__ import annotations

import re

from components.ui.format import command as as_typed
from components.ui.format import counted, percent, signed
from models import card_facts
from models.card import ModelCard
from models.card_facts import RecipeFacts, TrainingFacts
from models.compare.readers import listed


def story(card: ModelCard) -> list[tuple[str, str]]:
    """How one model was trained, in plain words, from its card: pairs of heading and paragraph."""
    training, recipe = card_facts.training(card), card_facts.recipe(card)
    parts = [
        _promise(recipe),
        _data(training, recipe),
        _start(training, recipe),
        _teacher(training, recipe),
        _early_words(recipe),
        _turned_round(recipe),
        _short_opinions(training),
        ("Left open by the article, chosen here", " ".join(map(_as_text, recipe.chosen))),
        _learning(training, recipe),
    ]
    return [part for part in parts if part[1]]


def command(card: ModelCard) -> str:
    """What trains the same network again on the command line."""
    own = re.fullmatch(r"my_(.+)_\d+", card.name)
    if not own:
        return _typed(f"models.train {card.name}")
    training, recipe = card_facts.training(card), card_facts.recipe(card)
    units = recipe.units or (card.units,)
    numbers = {"units": units[0], "epochs": training.epochs, "limit": training.limit}
    given = [f"--{name} {int(value)}" for name, value in numbers.items() if value]
    return _typed(" ".join(["models.train", own[1], "--plain", *given, f"--name {card.name}"]))


def _typed(line: str) -> str:
    return f"# in a checkout of your own, set up as the README says\n{as_typed(line)}"


def _promise(recipe: RecipeFacts) -> tuple[str, str]:
    reported = recipe.reported
    if reported is None:
        return "As published", ""
    named = {"test_accuracy": "on test reviews", "training_accuracy": "on training reviews"}
    found = [f"{100 * value:.4g} % {text}" for key, text in named.items() if (value := reported.get(key))]
    claim = f"Its article reports {' and '.join(found)}." if found else "Its article gives no accuracy."
    return "As published", f"Built and trained as its article says, with nothing added. {claim}"


def _short_opinions(training: TrainingFacts) -> tuple[str, str]:
    after, count, share = training.refined_after, training.short_opinions, training.share_kept
    if not after or not count:
        return "Short opinions", ""
    kept = ""
    if share and share < 1:
        kept = (
            f" Its weights were moved {percent(share)} of the way to what that taught: on validation reviews, which "
            "are long, more would have cost something."
        )
    return "Short opinions", (
        f"After epoch {after:.0f} it was also shown {counted(count, 'opinion')} of a few words, composed from words "
        f"whose leaning the reviews had taught (“I dislike this film”), beside some of everything else.{kept}"
    )


def _as_text(sentence: str) -> str:
    """A sentence in which Markdown finds nothing to render."""
    return re.sub(r"([^\w\s.,;’'%/-])", r"\\\1", sentence)


def _data(training: TrainingFacts, recipe: RecipeFacts) -> tuple[str, str]:
    reviews, held = training.reviews, training.validation_reviews
    if reviews is None or held is None:
        return "Data", ""
    learnt = f"It learnt from {reviews:,.0f} labelled film reviews; another {held:,.0f} were held out for validation."
    if recipe.reported is not None:
        return "Data", _of_article(reviews, held, recipe)
    if recipe.validation_size is None or training.limit:
        return "Data", learnt
    beside = 25_000 - reviews - held
    unused = f" The {beside:,.0f} reviews beside the blocks are used for neither." if 0 < beside < 1_000 else ""
    return "Data", (
        f"{learnt} Both come from the training half of the Large Movie Review Dataset; validation is cut out in whole "
        f"blocks, so that no film stands on both sides.{unused} The 25,000 test reviews were not touched."
    )


def _of_article(reviews: float, held: float, recipe: RecipeFacts) -> str:
    """Which reviews a published system learnt from, how it validates, what judges it."""
    own = recipe.test_reviews
    if recipe.validation_steps:
        validation = f"validation is {held:,.0f} of the official test reviews, as in its tutorial, and chose nothing."
    else:
        validation = (
            f"another {held:,.0f}, drawn at random, are its validation split, so that reviews of one film stand on "
            "both sides and validation flatters."
        )
    judged = "The 25,000 official test reviews judge it."
    if own:
        judged = (
            f"Both come from all 50,000 labelled reviews less {own:,.0f}, also drawn at random, which judge it: not "
            "the official test set."
        )
    return f"It learnt from {reviews:,.0f} labelled film reviews; {validation} {judged}"


def _teacher(training: TrainingFacts, recipe: RecipeFacts) -> tuple[str, str]:
    unlabelled, teachers = training.unlabelled_reviews, recipe.teachers
    if not unlabelled or not teachers:
        return "The teacher", ""
    names = [_named(name) for name in teachers if name.isidentifier()]
    if not names:
        return "The teacher", ""
    who = listed(names)
    share = recipe.unlabelled_per_epoch
    every = f", {min(share, unlabelled):,.0f} of them an epoch" if share else ""
    return "The teacher", (
        f"It also read {unlabelled:,.0f} reviews that nobody labelled{every}. {who[:1].upper() + who[1:]} gave "
        "each a probability of being positive, and the network learnt to agree: more examples, and softer answers."
    )


def _named(teacher: str) -> str:
    if teacher == "naive_bayes":
        return "a word-count model (naive Bayes)"
    return f"{'the earlier network' if teacher.startswith('first_') else 'the network'} `{teacher}`"


def _start(training: TrainingFacts, recipe: RecipeFacts) -> tuple[str, str]:
    epochs, unlabelled = recipe.language_model_epochs, training.unlabelled_reviews
    parts = []
    if epochs and unlabelled:
        before, when = recipe.continues, "Before it was told a single verdict"
        if before.isidentifier():
            when = f"It started from what {_named(before)} had learnt. Before it learnt verdicts itself"
        parts.append(
            f"{when}, its recurrent layer went {epochs:.0f} times through all texts, the {unlabelled:,.0f} that nobody "
            "labelled among them, and learnt to guess the next word"
            f"{' (from the other end, the one before)' if recipe.bidirectional else ''}."
        )
    if recipe.adversarial:
        parts.append(
            "Then it learnt from every review twice: as it is, and with its word vectors moved a little to where it "
            "hurts most, so that small changes turn its verdict round less easily."
        )
        share = recipe.unlabelled_per_epoch
        if share and unlabelled and not recipe.teachers:
            parts.append(
                f"{min(share, unlabelled):,.0f} reviews an epoch that nobody labelled are moved too, to where its "
                "verdict changes most: of them it learns to keep the verdict, whatever it was."
            )
    return "The start", " ".join(parts)


def _early_words(recipe: RecipeFacts) -> tuple[str, str]:
    running, crops = recipe.running_loss, recipe.crops
    parts = []
    if recipe.reported is not None:
        parts.append("All of the loss is taken at the end of the review: it was never asked earlier.")
    elif running:
        parts.append(
            f"{percent(running)} of the loss is taken after every word, later words counting more, and the rest at "
            "the end. That is why its prediction means something in the middle of a review."
        )
    elif running is not None:
        parts.append("All of the loss is taken at the end of the review: it was never asked earlier.")
    if crops:
        parts.append(
            f"{percent(crops)} of the labelled reviews are shown as a short stretch, so that it learns to read "
            "short texts too."
        )
    return "Early words", " ".join(parts)


def _turned_round(recipe: RecipeFacts) -> tuple[str, str]:
    kinds = ("sentences", "parts", "negated", "joined", "mirrored")
    sentences, halves, negated, joined, mirrored = (getattr(recipe, f"{kind}_per_epoch") for kind in kinds)
    parts = []
    if sentences:
        parts.append(f"Every epoch also shows {sentences:,.0f} single sentences, judged in the same way.")
    if halves:
        parts.append(
            f"{halves:,.0f} pieces an epoch are beginnings or ends of reviews cut in two at a random place, judged in "
            "the same way: for what stands there, not for the whole review."
        )
    if negated:
        parts.append(
            f"{negated:,.0f} more sentences have “not” put before what they say outright, or “never”, “hardly”, “far "
            "from”, “anything but”: “wasn’t good” is shown as bad, “was far from boring” as rather good."
        )
    if joined:
        parts.append(f"{joined:,.0f} times blame and praise stand in one sentence with a “but”: the last word counts.")
    if mirrored:
        parts.append(
            f"And {mirrored:,.0f} labelled reviews come with their judging words turned round (“dull” becomes a "
            "neighbour in the word vectors that stands in the other kind of reviews) and the opposite label: so that a "
            "few outright words count for more than many faint hints."
        )
    return "Texts turned round" if negated or joined or mirrored else "Pieces of reviews", " ".join(parts)


def _learning(training: TrainingFacts, recipe: RecipeFacts) -> tuple[str, str]:
    parts = []
    batch, epochs, best = recipe.batch_size, training.epochs, training.best_epoch
    if batch and epochs:
        parts.append(f"{epochs:.0f} epochs in batches of {batch:.0f} reviews.")
    resumed = training.resumed
    if resumed is not None:
        after, origin = resumed.after_epoch or 0, resumed.from_epoch or 0
        parts.append(f"It was stopped after epoch {after:.0f} and resumed from the checkpoint of epoch {origin:.0f}.")
    if best and recipe.reported is not None and resumed is None:
        parts.append("The weights of the last epoch were kept, as in the article.")
    elif best:
        calibrated = " once calibrated" if training.shift is not None else ""
        parts.append(f"The weights of epoch {best:.0f} were kept: their validation loss is the lowest{calibrated}.")
    temperature = training.temperature
    if temperature:
        shift = training.shift or 0
        moved = f" and moved by {signed(shift)}" if round(shift, 2) else ""
        parts.append(
            f"At the end the logits were divided by {temperature:.2f}{moved}, so that P(positive) is as sure as it is "
            "right."
        )
    elif recipe.reported is not None:
        parts.append("Its probabilities are as training left them: nothing was calibrated.")
    seed = recipe.seed
    if seed is not None:
        parts.append(f"Every random choice comes from seed {seed:.0f}; one command does it all again:")
    return "Learning", " ".join(parts)
