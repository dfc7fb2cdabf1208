"""A model's ``README.md``, its card in the Hugging Face form: ``model_card.md``, filled in from card and figures."""

from __future__ import annotations

from pathlib import Path

from models import card_facts
from models.card import ModelCard
from models.card_facts import RecipeFacts, TrainingFacts
from models.figures.records import Figures
from models.nn.network import POOLED
from models.training.data.review_table import origin_sentence
from models.training.report.short_texts import short_texts
from models.wording import command, counted, listed, percent

_TEMPLATE = Path(__file__).with_suffix(".md")
_DATASET = (
    "Large Movie Review Dataset v1.0: Andrew L. Maas, Raymond E. Daly, Peter T. Pham, Dan Huang, Andrew Y. Ng and "
    "Christopher Potts, “Learning Word Vectors for Sentiment Analysis”, ACL 2011."
)
_OFFICIAL = " of the Large Movie Review Dataset"
_HALF = ", the half of its table that was kept from it"
_OWN_CUT = (
    " that its article cuts out of all 50,000 labelled reviews: not the official test set, and other reviews of the "
    "same films are among those it learnt from"
)


def write_readme(card: ModelCard, figures: Figures) -> None:
    """Write ``README.md`` into the model's folder."""
    (card.folder / "README.md").write_text(readme(card, figures), encoding="utf-8")


def readme(card: ModelCard, figures: Figures) -> str:
    """The text of the model card."""
    recipe, table = card_facts.recipe(card), card_facts.origin(card)
    official = "the official " if figures.official_test else ""
    return _TEMPLATE.read_text(encoding="utf-8").format(
        card=card,
        figures=figures,
        datasets="" if table else "datasets: [imdb]\n",
        layers=counted(card.layers, "recurrent layer"),
        units=counted(card.units, "unit") + (" in each direction" if card.bidirectional else ""),
        looked_at=listed([POOLED[kind] for kind in card.facts["readout"]]),
        read_end=", the last ones" if card.unread_end == "start" else "",
        reviews=f"{official}{figures.test_reviews:,} test reviews"
        + (_HALF if table else _OFFICIAL if figures.official_test else _OWN_CUT),
        without_duplicates=_without_duplicates(figures),
        calibration_error=_calibration_error(figures),
        seeds=_seeds(card),
        memory=_memory(card),
        failures="\n".join([*_failures(figures), *short_texts(figures.challenges)]),
        made=_article(card, figures) if recipe.reported is not None else _own(card),
        data=origin_sentence(table) if table else _DATASET,
    )


def _failures(figures: Figures) -> list[str]:
    """On which of the test reviews it is worst."""
    lines = []
    if by_length := [row for row in figures.by_length if row.reviews >= 50]:
        worst = min(by_length, key=lambda row: row.accuracy)
        right = percent(worst.accuracy, 1)
        lines.append(f"- Length: worst on reviews of {worst.low:,} to {worst.high:,} words, {right} right.")
    if stars := {row.stars: row.accuracy for row in figures.by_stars if row.reviews}:
        faint = min(stars, key=lambda star: stars[star])
        lines.append(
            f"- Lukewarm reviews: {percent(stars[faint], 1)} right on those of {faint} stars, against "
            f"{percent(max(stars.values()), 1)} at best. Neutral reviews (5 and 6 stars) are not in the dataset at all."
        )
    return lines + [
        f"- Early words: after {percent(row.share)} of a review {percent(row.accuracy, 1)} right."
        for row in figures.by_share_read
        if row.share in (0.1, 0.5)
    ]


def _without_duplicates(figures: Figures) -> str:
    fresh = figures.without_duplicates
    return f"; {fresh.accuracy:.4f} without the reviews that also stand in the training set" if fresh else ""


def _calibration_error(figures: Figures) -> str:
    if figures.calibration is None:
        return ""
    return (
        f"- Calibration error {figures.calibration.expected_calibration_error:.4f}: how far P(positive) is from the "
        "share that really was positive, on average.\n"
    )


def _own(card: ModelCard) -> str:
    """How one of the project's own networks was made."""
    training, recipe = card_facts.training(card), card_facts.recipe(card)
    return (
        f"`{command(f'models.train {card.name}')}`, seed {recipe.seed}: "
        f"{counted(training.reviews or 0, 'labelled review')}, {training.validation_reviews:,} held out for validation "
        "in contiguous blocks, "
        f"{_unlabelled(training, recipe)}{_additions(recipe)}. "
        f"{counted(training.epochs or 0, 'epoch')}, kept was epoch {training.best_epoch} (lowest validation loss"
        f"{'' if training.shift is None else ' once calibrated'}){_short_stage(training)}; "
        f"{_minutes(training.minutes)} of epochs on {training.machine}. P(positive) is calibrated on "
        f"validation: logit / {training.temperature}{_shift(training)}."
    )


def _short_stage(training: TrainingFacts) -> str:
    after, count = training.refined_after, training.short_opinions
    if not after or not count:
        return ""
    return (
        f"; after epoch {after} it was shown {count:,} composed short opinions and fewer of all other texts, and its "
        f"weights were moved {100 * (training.share_kept or 0):.0f} % of the way to what that taught"
    )


def _shift(training: TrainingFacts) -> str:
    shift = training.shift or 0
    return f" {'+' if shift > 0 else '−'} {abs(shift)}" if shift else ""


def _unlabelled(training: TrainingFacts, recipe: RecipeFacts) -> str:
    """What the unlabelled reviews were for, and what the network was trained against."""
    uses = []
    if recipe.teachers:
        uses.append(f"judged by {', '.join(recipe.teachers)}")
    if epochs := recipe.language_model_epochs:
        before = recipe.continues
        uses.append(
            f"read {counted(epochs, 'time')}, with all others, by the language model that the recurrent layer starts "
            f"from{f', which itself started from what {before} had learnt' if before else ''} "
            f"({_minutes(training.pretraining_minutes)}{', that network included' if before else ''})"
        )
    reviews = f"{training.unlabelled_reviews:,} unlabelled ones {' and '.join(uses)}" if uses else "no unlabelled ones"
    if length := recipe.adversarial:
        reviews += (
            f"; every batch once more with the word vectors of each review moved by {length} to where it hurts most"
        )
        if not recipe.teachers and (share := recipe.unlabelled_per_epoch):
            reviews += f", and {share:,} unlabelled reviews an epoch, which are to keep their verdict when moved so"
    return reviews


def _additions(recipe: RecipeFacts) -> str:
    """What an epoch showed besides reviews; recipes of before have no such entries."""
    kinds = {
        "sentences_per_epoch": "sentences judged likewise",
        "parts_per_epoch": "beginnings or ends of unlabelled reviews judged likewise",
        "negated_per_epoch": "negated sentences",
        "joined_per_epoch": "pairs of sentences joined by “but”",
        "mirrored_per_epoch": "labelled reviews with their judging words turned round",
    }
    listed = [f"{count:,} {kind}" for key, kind in kinds.items() if (count := getattr(recipe, key))]
    return f"; besides, every epoch, {', '.join(listed)}" if listed else ""


def _article(card: ModelCard, figures: Figures) -> str:
    """How a published system was made, what its article reports, and what it leaves open."""
    training, recipe = card_facts.training(card), card_facts.recipe(card)
    held = f"{training.validation_reviews:,}"
    if recipe.validation_steps:
        held += " of the official test reviews for the validation curve, as in its tutorial"
    else:
        held += " more, drawn at random, for validation, so that reviews of one film stand on both sides"
    kept = "the last one's weights are kept, as in the article"
    if resumed := training.resumed:
        kept = (
            f"stopped after epoch {resumed.after_epoch} and resumed from the checkpoint of epoch "
            f"{resumed.from_epoch}; the weights of epoch {training.best_epoch} are kept (lowest validation loss)"
        )
    names = {"test_accuracy": "on test reviews", "training_accuracy": "on training reviews"}
    figures_reported = [f"{100 * value:.4g} % {names[key]}" for key, value in (recipe.reported or {}).items()]
    reported = f"Reported: {' and '.join(figures_reported)}" if figures_reported else "No figure is reported"
    measured = f"{100 * figures.accuracy:.2f} % on test reviews were measured here"
    chosen = "\n".join(f"- {sentence}" for sentence in recipe.chosen)
    return (
        f"`{command(f'models.train {card.name}')}`, seed {recipe.seed}: trained as its article says, with nothing "
        f"added. {counted(training.reviews or 0, 'labelled review')}, and {held}. "
        f"{counted(training.epochs or 0, 'epoch')} of batches of "
        f"{recipe.batch_size} with {recipe.optimizer}; {kept}. {_minutes(training.minutes)} of epochs on "
        f"{training.machine}. No teacher, no calibration.\n\n"
        f"{reported}; {measured}.\n\n"
        f"Left open by the article and chosen here:\n\n{chosen}"
    )


def _minutes(minutes: float | None) -> str:
    number = minutes or 0
    return counted(number, "minute", places=0 if number == int(number) else 1)


def _memory(card: ModelCard) -> str:
    """What it carries over distance; see ``models.explain.distance``."""
    found = card_facts.memory(card)
    if not found:
        return ""
    praise, blame = (
        ", ".join(
            f"{p:.2f} ({n} words)" for p, n in zip(series, found.neutral_words, strict=True) if n in (0, 100, 200)
        )
        for series in (found.praise, found.blame)
    )
    return (
        "## How far it carries what it has read\n\n"
        f"- Gradient of the logit on a review of {found.words} words, by way of the states alone: "
        f"{found.gradient_at_last:.3g} at the last word, {found.gradient_at_first:.3g} at the first.\n"
        f"- P(positive) of “a wonderful film” with words without an opinion behind it: {praise}.\n"
        f"- The same of “a terrible film”: {blame}.\n\n"
    )


def _seeds(card: ModelCard) -> str:
    """The same recipe with other seeds: how much of the figure is chance."""
    rows, trained, own = card_facts.seeds(card), "Trained", "that"
    if not rows:
        rows = card_facts.seeds(card, "seeds_before_last_stage")
        trained, own = "Before its last stage, trained", "made from that"
    if not rows:
        return ""
    found = [row.test_accuracy or 0.0 for row in rows]
    each = ", ".join(f"{row.test_accuracy:.4f} (seed {row.seed})" for row in rows)
    return (
        f"{trained} with {len(rows)} seeds: {each}; mean {sum(found) / len(found):.4f}, spread "
        f"{max(found) - min(found):.4f}. The network on the shelf is {own} of the recipe's own seed, "
        f"{rows[0].seed}, whatever the others reached.\n\n"
    )
