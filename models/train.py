"""Train a model of the shelf: ``python -m models.train gru``."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

PRETRAINED = Path(__file__).resolve().parent / "pretrained"


SMALLEST_LIMIT = 50


class OneLineParser(argparse.ArgumentParser):
    """Refuses bad arguments in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and exit with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (2 on bad input)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = OneLineParser(prog="python -m models.train", description=__doc__)
    parser.add_argument("name", nargs="?", help="which recipe")
    parser.add_argument("--list", action="store_true", help="list the recipes and stop")
    parser.add_argument("--data", type=Path, help="the dataset: archive or folder (default: download it)")
    parser.add_argument("--out", type=Path, default=PRETRAINED, help="the shelf to put the model on")
    parser.add_argument("--work", type=Path, help="folder for word vectors and unfinished runs")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--limit", type=int, help="train on at most so many labelled reviews, for a quick try")
    parser.add_argument("--seed", type=int, help="instead of the recipe's")
    parser.add_argument("--threads", type=int, default=0, help="processor threads (default: all)")
    options = parser.parse_args(arguments)

    from models.training.recipes import RECIPES

    if options.list:
        for recipe in RECIPES.values():
            print(f"{recipe.name:34}{recipe.title:30}{recipe.summary}")
        return 0
    if options.name not in RECIPES:
        return _refuse(f"there is no recipe {options.name!r}; --list shows them all")
    if options.epochs is not None and options.epochs < 1:
        return _refuse("--epochs must be at least 1")
    if options.limit is not None and options.limit < SMALLEST_LIMIT:
        return _refuse(f"--limit must be at least {SMALLEST_LIMIT}: fewer reviews teach nothing")
    if options.seed is not None and not 0 <= options.seed < 2**32:
        return _refuse("--seed must be between 0 and 4294967295")
    changes = {key: getattr(options, key) for key in ("epochs", "seed") if getattr(options, key) is not None}
    recipe = replace(RECIPES[options.name], **changes)

    import tensorflow as tf

    if options.threads:
        tf.config.threading.set_intra_op_parallelism_threads(options.threads)
        tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    from models.training.fit import WORK, train
    from models.training.imdb import DatasetError

    try:
        folder = train(recipe, options.data, options.out, options.work or WORK, options.limit)
    except DatasetError as error:
        return _refuse(str(error))
    print(f"{recipe.title} is on the shelf: {folder}")
    return 0


def _refuse(message: str) -> int:
    print(f"models.train: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
