"""A model's ``README.md``: its card in the Hugging Face form, written from ``card.json`` and the test figures."""

from __future__ import annotations

from typing import Any

from models.catalog import ModelCard


def write_readme(card: ModelCard, figures: dict[str, Any]) -> None:
    """Write ``README.md`` into the model's folder."""
    (card.folder / "README.md").write_text(readme(card, figures), encoding="utf-8")


def readme(card: ModelCard, figures: dict[str, Any]) -> str:
    """The text of the model card."""
    training, recipe = card.facts["training"], card.facts["recipe"]
    by_length = [row for row in figures["by_length"] if row["reviews"] >= 50]
    worst = min(by_length, key=lambda row: row["accuracy"]) if by_length else None
    stars = {row["stars"]: row["accuracy"] for row in figures["by_stars"] if row["accuracy"] is not None}
    faint = min(stars, key=lambda star: stars[star]) if stars else None
    early = [row for row in figures.get("by_share_read", []) if row["share"] in (0.1, 0.5)]
    lines = [
        "---",
        "language: en",
        "license: mit",
        "library_name: keras",
        "pipeline_tag: text-classification",
        "datasets: [imdb]",
        "metrics: [accuracy]",
        "---",
        "",
        f"# {card.title}",
        "",
        card.summary,
        "",
        f"- Parameters: {card.parameters:,}; vocabulary {card.vocabulary:,} words; word vectors of {card.embedding}; "
        f"{card.layers} recurrent layer{'s' if card.layers > 1 else ''} of {card.units} units"
        f"{' in each direction' if card.bidirectional else ''}.",
        f"- The output layer looks at: {', '.join(card.facts['readout'])}.",
        f"- Reads at most {card.max_timesteps:,} words of a review; the rest is not read.",
        "",
        "## How good it is",
        "",
        f"On the official {figures['test_reviews']:,} test reviews of the Large Movie Review Dataset:",
        "",
        "| accuracy | without reviews that also stand in the training set | loss | AUC | calibration error |",
        "|---|---|---|---|---|",
        f"| {figures['accuracy']:.4f} | {figures['without_duplicates']['accuracy']:.4f} | {figures['loss']:.4f} | "
        f"{figures['auc']:.4f} | {figures['calibration']['expected_calibration_error']:.4f} |",
        "",
        "## Where it fails",
        "",
    ]
    if worst:
        lines.append(
            f"- Length: worst on reviews of {worst['from']} to {worst['to']} words, "
            f"{100 * worst['accuracy']:.1f} % right."
        )
    if faint is not None:
        lines.append(
            f"- Lukewarm reviews: {100 * stars[faint]:.1f} % right on those of {faint} stars, against "
            f"{100 * max(stars.values()):.1f} % at best. Neutral reviews (5 and 6 stars) are not in the dataset at all."
        )
    lines += [
        f"- Early words: after {round(100 * row['share'])} % of a review {100 * row['accuracy']:.1f} % right."
        for row in early
    ]
    lines += [
        "- Sarcasm, several negations in a row, names it never met, other subjects than films, and other languages "
        "than English are beyond what it learnt.",
        "- It judges by the words of 2011 and earlier, with that time's habits and prejudices.",
        "",
        "## How it was made",
        "",
        f"`python -m models.train {card.name}`, seed {recipe['seed']}: {training['reviews']:,} labelled reviews, "
        f"{training['validation_reviews']:,} held out for validation in contiguous blocks, "
        f"{training['unlabelled_reviews']:,} unlabelled ones judged by {' and '.join(recipe['teachers'])}. "
        f"{training['epochs']} epochs, the best (lowest validation loss) was epoch {training['best_epoch']}; "
        f"{training['minutes']} minutes of epochs on {training['machine']}. P(positive) is calibrated with a "
        f"temperature of {training['temperature']} fitted on validation.",
        "",
        "## Data",
        "",
        "Large Movie Review Dataset v1.0: Andrew L. Maas, Raymond E. Daly, Peter T. Pham, Dan Huang, Andrew Y. Ng and "
        "Christopher Potts, “Learning Word Vectors for Sentiment Analysis”, ACL 2011. This folder holds weights, a "
        "word list and figures, and no review.",
        "",
    ]
    return "\n".join(lines)
