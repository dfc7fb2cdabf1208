"""How one model was trained, in plain words, told from its card alone."""

from __future__ import annotations

import re

from components.ui.format import command as as_typed
from components.ui.format import counted, percent, signed
from models import card_facts
from models.card import ModelCard
from models.card_facts import RecipeFacts, TrainingFacts
from models.wording import listed


def story(card: ModelCard) -> list[tuple[str, str]]:
    """How one model was trained, in plain words, from its card: pairs of heading and paragraph."""
    training, recipe = card_facts.training(card), card_facts.recipe(card)
    turned = recipe.negated_per_epoch or recipe.joined_per_epoch or recipe.mirrored_per_epoch
    paragraphs = {
        "As published": _promise(recipe),
        "Data": _data(training, recipe),
        "The start": _start(training, recipe),
        "The teacher": _teacher(training, recipe),
        "Early words": _early_words(recipe),
        "Texts turned round" if turned else "Pieces of reviews": _other_texts(recipe),
        "Short opinions": _short_opinions(training),
        "Left open by the article, chosen here": " ".join(map(_as_text, recipe.chosen)),
        "Learning": _learning(training, recipe),
    }
    return [(title, text) for title, text in paragraphs.items() if text]


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


def _promise(recipe: RecipeFacts) -> str:
    reported = recipe.reported
    if reported is None:
        return ""
    named = {"test_accuracy": "on test reviews", "training_accuracy": "on training reviews"}
    found = [f"{100 * value:.4g} % {text}" for key, text in named.items() if (value := reported.get(key))]
    claim = f"Its article reports {' and '.join(found)}." if found else "Its article gives no accuracy."
    return f"Built and trained as its article says, with nothing added. {claim}"


def _short_opinions(training: TrainingFacts) -> str:
    after, count, share = training.refined_after, training.short_opinions, training.share_kept
    if not after or not count:
        return ""
    kept = ""
    if share and share < 1:
        kept = (
            f" Its weights were moved {percent(share)} of the way to what that taught: on validation reviews, which "
            "are long, more would have cost something."
        )
    return (
        f"After epoch {after:.0f} it was also shown {counted(count, 'opinion')} of a few words, composed from words "
        f"whose leaning the reviews had taught (“I dislike this film”), beside some of everything else.{kept}"
    )


def _as_text(sentence: str) -> str:
    """A sentence in which Markdown finds nothing to render."""
    return re.sub(r"([^\w\s.,;’'%/-])", r"\\\1", sentence)


def _data(training: TrainingFacts, recipe: RecipeFacts) -> str:
    reviews, held = training.reviews, training.validation_reviews
    if reviews is None or held is None:
        return ""
    learnt = f"It learnt from {reviews:,.0f} labelled film reviews; another {held:,.0f} were held out for validation."
    if recipe.reported is not None:
        return _of_article(reviews, held, recipe)
    if recipe.validation_size is None or training.limit:
        return learnt
    beside = 25_000 - reviews - held
    unused = f" The {beside:,.0f} reviews beside the blocks are used for neither." if 0 < beside < 1_000 else ""
    return (
        f"{learnt} Both come from the training half of the Large Movie Review Dataset; validation is cut out in whole "
        f"blocks, so that no film stands on both sides.{unused} The 25,000 test reviews were not touched."
    )


def _of_article(reviews: float, held: float, recipe: RecipeFacts) -> str:
    """Which reviews a published system learnt from, how it validates, what judges it."""
    if recipe.validation_steps:
        validation = f"validation is {held:,.0f} of the official test reviews, as in its tutorial, and chose nothing."
    else:
        validation = (
            f"another {held:,.0f}, drawn at random, are its validation split, so that reviews of one film stand on "
            "both sides and validation flatters."
        )
    judged = "The 25,000 official test reviews judge it."
    if recipe.test_reviews:
        judged = (
            f"Both come from all 50,000 labelled reviews less {recipe.test_reviews:,.0f}, also drawn at random, which "
            "judge it: not the official test set."
        )
    return f"It learnt from {reviews:,.0f} labelled film reviews; {validation} {judged}"


def _teacher(training: TrainingFacts, recipe: RecipeFacts) -> str:
    unlabelled = training.unlabelled_reviews
    names = [_named(name) for name in recipe.teachers if name.isidentifier()]
    if not unlabelled or not names:
        return ""
    who = listed(names)
    share = recipe.unlabelled_per_epoch
    every = f", {min(share, unlabelled):,.0f} of them an epoch" if share else ""
    return (
        f"It also read {unlabelled:,.0f} reviews that nobody labelled{every}. {who[:1].upper() + who[1:]} gave "
        "each a probability of being positive, and the network learnt to agree: more examples, and softer answers."
    )


def _named(teacher: str) -> str:
    if teacher == "naive_bayes":
        return "a word-count model (naive Bayes)"
    return f"{'the earlier network' if teacher.startswith('first_') else 'the network'} `{teacher}`"


def _start(training: TrainingFacts, recipe: RecipeFacts) -> str:
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
    return " ".join(parts)


def _early_words(recipe: RecipeFacts) -> str:
    running, crops = recipe.running_loss, recipe.crops
    parts = []
    if running and recipe.reported is None:
        parts.append(
            f"{percent(running)} of the loss is taken after every word, later words counting more, and the rest at "
            "the end. That is why its prediction means something in the middle of a review."
        )
    elif running is not None or recipe.reported is not None:
        parts.append("All of the loss is taken at the end of the review: it was never asked earlier.")
    if crops:
        parts.append(
            f"{percent(crops)} of the labelled reviews are shown as a short stretch, so that it learns to read "
            "short texts too."
        )
    return " ".join(parts)


def _other_texts(recipe: RecipeFacts) -> str:
    texts = (
        (recipe.sentences_per_epoch, "Every epoch also shows {:,.0f} single sentences, judged in the same way."),
        (
            recipe.parts_per_epoch,
            "{:,.0f} pieces an epoch are beginnings or ends of reviews cut in two at a random place, judged in the "
            "same way: for what stands there, not for the whole review.",
        ),
        (
            recipe.negated_per_epoch,
            "{:,.0f} more sentences have “not” put before what they say outright, or “never”, “hardly”, “far from”, "
            "“anything but”: “wasn’t good” is shown as bad, “was far from boring” as rather good.",
        ),
        (
            recipe.joined_per_epoch,
            "{:,.0f} times blame and praise stand in one sentence with a “but”: the last word counts.",
        ),
        (
            recipe.mirrored_per_epoch,
            "And {:,.0f} labelled reviews come with their judging words turned round (“dull” becomes a neighbour in "
            "the word vectors that stands in the other kind of reviews) and the opposite label: so that a few outright "
            "words count for more than many faint hints.",
        ),
    )
    return " ".join(says.format(count) for count, says in texts if count)


def _learning(training: TrainingFacts, recipe: RecipeFacts) -> str:
    parts = []
    epochs, best, resumed = training.epochs, training.best_epoch, training.resumed
    if recipe.batch_size and epochs:
        parts.append(f"{epochs:.0f} epochs in batches of {recipe.batch_size:.0f} reviews.")
    if resumed is not None:
        after, origin = resumed.after_epoch or 0, resumed.from_epoch or 0
        parts.append(f"It was stopped after epoch {after:.0f} and resumed from the checkpoint of epoch {origin:.0f}.")
    if best and recipe.reported is not None and resumed is None:
        parts.append("The weights of the last epoch were kept, as in the article.")
    elif best:
        calibrated = " once calibrated" if training.shift is not None else ""
        parts.append(f"The weights of epoch {best:.0f} were kept: their validation loss is the lowest{calibrated}.")
    if training.temperature:
        shift = training.shift or 0
        moved = f" and moved by {signed(shift)}" if round(shift, 2) else ""
        parts.append(
            f"At the end the logits were divided by {training.temperature:.2f}{moved}, so that P(positive) is as sure "
            "as it is right."
        )
    elif recipe.reported is not None:
        parts.append("Its probabilities are as training left them: nothing was calibrated.")
    if recipe.seed is not None:
        parts.append(f"Every random choice comes from seed {recipe.seed:.0f}; one command does it all again:")
    return " ".join(parts)
