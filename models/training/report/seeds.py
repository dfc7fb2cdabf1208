"""How much of a figure is chance: the same recipe trained with other seeds.

``python -m models.training.report.seeds gru --seeds 2 3`` trains the recipe with these seeds too (or takes up what was
trained before), judges each network on the test set and writes all of them, with the one on the shelf, into its card.
Which network stays on the shelf does not depend on it: that is always the recipe's own seed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import asdict, replace
from pathlib import Path

from models import artifacts, card_facts
from models.card_facts import SeedFigures
from models.catalog import PRETRAINED, read_card
from models.errors import ArtifactError


def report(name: str, seeds: list[int], data: Path | None, shelf: Path, work: Path) -> list[SeedFigures]:
    """Train and judge with every seed; the rows that the card gets, the shelf's own seed first.

    Raises:
        KeyError: if no own recipe has this name.
        ArtifactError: if the shelf's network has not been trained and judged.
        imdb.DatasetError: if the dataset is missing or altered.
        InUse: if another process trains the very same.
    """
    from models.training.fit.fit import train
    from models.training.recipes import RECIPES
    from models.training.report.evaluation import evaluate
    from models.training.report.model_card import write_readme

    recipe = RECIPES[name]
    rows = [_row(shelf, name)]
    for seed in seeds:
        if seed == rows[0].seed:
            continue
        other = work / "seeds" / str(seed)
        for needed in filter(None, (*getattr(recipe, "teachers", ()), getattr(recipe, "continues", ""))):
            if (shelf / needed).is_dir():
                shutil.copytree(shelf / needed, other / needed, dirs_exist_ok=True)
        if not (other / name / "card.json").exists():
            train(replace(recipe, seed=seed), data, other, work)
        if not (other / name / "evaluation.json").exists():
            evaluate(name, data, other)
        rows.append(_row(other, name))
    facts = artifacts.read_card(shelf / name)
    artifacts.write_card(shelf / name, {**facts, "seeds": [asdict(row) for row in rows]})
    write_readme(read_card(shelf / name), artifacts.read_evaluation(shelf / name))
    return rows


def _row(shelf: Path, name: str) -> SeedFigures:
    card = read_card(shelf / name)
    training, test = card_facts.training(card), card_facts.headline(card)
    if test.accuracy is None:
        raise ArtifactError(name, "card.json", "it has no figures on the test set yet")
    return SeedFigures(
        seed=card_facts.recipe(card).seed,
        validation_accuracy=training.validation_accuracy,
        validation_loss=training.validation_loss,
        test_accuracy=test.accuracy,
        expected_calibration_error=test.expected_calibration_error,
        minutes=training.minutes,
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (2 on bad input)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(prog="python -m models.training.report.seeds", description=__doc__)
    parser.add_argument("name", help="which recipe")
    parser.add_argument("--seeds", type=int, nargs="+", default=[2, 3], help="besides the recipe's own")
    parser.add_argument("--data", type=Path, help="the dataset: archive or folder (default: download it)")
    parser.add_argument("--work", type=Path, default=artifacts.WORK, help="folder for word vectors and unfinished runs")
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="where the model's folder lies")
    options = parser.parse_args(arguments)

    from models.training.data.imdb import DatasetError
    from models.training.fit.runs import InUse

    try:
        rows = report(options.name, options.seeds, options.data, options.shelf, options.work)
    except (KeyError, ArtifactError, DatasetError, InUse) as error:
        print(f"models.training.report.seeds: {error}", file=sys.stderr)  # noqa: T201
        return 2
    found = [row.test_accuracy or 0.0 for row in rows]
    print(  # noqa: T201
        f"{options.name}: test accuracy {', '.join(f'{accuracy:.4f}' for accuracy in found)}; "
        f"mean {sum(found) / len(found):.4f}, spread {max(found) - min(found):.4f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
