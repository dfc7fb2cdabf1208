"""Train a model of the shelf: ``python -m models.train gru``."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from models import artifacts

if TYPE_CHECKING:
    from models.training.recipe import Article, Recipe

PRETRAINED = Path(__file__).resolve().parent / "pretrained"
SMALLEST_LIMIT = 50
_FROM_A_TABLE = (
    "models.train: a table has no unlabelled reviews, so the recipe is taken as with --plain; its rows are cut in two "
    "halves by a seed, which is not the official split, and the card says so."
)
LAST = 1000  # place on the shelf of a network with a name of its own


class OneLineParser(argparse.ArgumentParser):
    """Refuses bad arguments in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and exit with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (2 on bad input)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    options = _parser().parse_args(arguments)

    from models.training.data import imdb, review_table
    from models.training.data.imdb import DatasetError
    from models.training.recipes import RECIPES

    if options.list:
        for recipe in RECIPES.values():
            print(f"{recipe.name:34}{recipe.title:30}{recipe.summary}")
        return 0
    if options.fetch:
        try:
            print(f"The dataset is here: {imdb.download()}")
        except DatasetError as error:
            return _refuse(str(error))
        return 0
    if options.recipe not in RECIPES:
        return _refuse(f"there is no recipe {options.recipe!r}; --list shows them all")
    wrong = _wrong(options) or (review_table.problem(options.data) if options.data else "")
    if wrong:
        return _refuse(wrong)
    asked = {key: getattr(options, key) for key in ("epochs", "seed", "name", "title")}
    changes = {key: value for key, value in asked.items() if value is not None}
    if options.name:
        changes["order"] = LAST
    recipe = replace(RECIPES[options.recipe], **changes)
    if options.units:
        recipe = replace(recipe, units=scaled(recipe.units, options.units))
    table = options.data is not None and review_table.is_table(options.data.expanduser())
    if table and not options.plain:
        print(_FROM_A_TABLE, file=sys.stderr)
    if options.plain or table:
        recipe = plain(recipe, options.limit or imdb.OFFICIAL_COUNTS["train"])

    import tensorflow as tf

    if options.threads:
        tf.config.threading.set_intra_op_parallelism_threads(options.threads)
        tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    from models.training.fit.fit import train
    from models.training.fit.runs import InUse

    try:
        folder = train(recipe, options.data, options.out, options.work, options.limit)
    except (DatasetError, InUse) as error:
        return _refuse(str(error))
    except OSError as error:
        # Libraries that write arrays wrap the system's error and keep its words only.
        if error.errno == errno.ENOSPC or os.strerror(errno.ENOSPC) in str(error):
            return _refuse("the disk is full: make room, and the same command goes on after the last finished epoch")
        raise
    print(f"{recipe.title} is on the shelf: {folder}")
    return 0


def scaled(units: tuple[int, ...], first: int) -> tuple[int, ...]:
    """Recurrent layers of another size: ``first`` units in the first one, the others in proportion."""
    return tuple(max(1, round(first * size / units[0])) for size in units)


def plain(recipe: Recipe | Article, reviews: int) -> Recipe | Article:
    """A recipe for labelled reviews alone: no teachers, no unlabelled reviews, no word vectors learnt beforehand.

    The word vectors then start at random and learn as fast as the rest, and the averaged weights follow the trained
    ones within a tenth of a short training. A published system is plain already.
    """
    from models.training.recipe import ADDED, Article

    if isinstance(recipe, Article):
        return recipe
    steps = recipe.epochs * -(-reviews // recipe.batch_size)
    nothing_added: dict[str, Any] = dict.fromkeys(ADDED, 0)
    averaging = min(recipe.averaging, round(1 - 10 / max(20, steps), 3))
    return replace(
        recipe,
        teachers=(),
        embedding_rate=1.0,
        averaging=averaging,
        unlabelled_per_epoch=0,
        language_model_epochs=0,
        continues="",
        short_epochs=0,
        **nothing_added,
    )


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="python -m models.train", description=__doc__)
    parser.add_argument("recipe", nargs="?", metavar="name", help="which recipe")
    parser.add_argument("--list", action="store_true", help="list the recipes and stop")
    parser.add_argument("--fetch", action="store_true", help="only download and check the dataset")
    parser.add_argument("--data", type=Path, help="the dataset: archive, folder, or a CSV with texts and labels")
    parser.add_argument("--out", type=Path, default=PRETRAINED, help="the shelf to put the model on")
    parser.add_argument("--work", type=Path, default=artifacts.WORK, help="folder for word vectors and unfinished runs")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--limit", type=int, help="train on at most so many labelled reviews, for a quick try")
    parser.add_argument("--seed", type=int, help="instead of the recipe's")
    parser.add_argument("--units", type=int, help="size of the (first) recurrent layer, instead of the recipe's")
    parser.add_argument("--plain", action="store_true", help="labelled reviews alone: no teachers, no word vectors")
    parser.add_argument("--name", help="another name on the shelf than the recipe's")
    parser.add_argument("--title", help="another title than the recipe's")
    parser.add_argument("--threads", type=int, default=0, help="processor threads (default: all)")
    return parser


def _wrong(options: argparse.Namespace) -> str:
    """What cannot be done as asked, in one sentence; empty if nothing."""
    if options.epochs is not None and options.epochs < 1:
        return "--epochs must be at least 1"
    if options.limit is not None and options.limit < SMALLEST_LIMIT:
        return f"--limit must be at least {SMALLEST_LIMIT}: fewer reviews teach nothing"
    if options.seed is not None and not 0 <= options.seed < 2**32:
        return "--seed must be between 0 and 4294967295"
    if options.units is not None and not 1 <= options.units <= 1024:
        return "--units must be between 1 and 1024"
    if options.name is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", options.name):
        return "--name takes lower-case letters, digits and underscores, a letter first"
    return ""


def _refuse(message: str) -> int:
    print(f"models.train: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
