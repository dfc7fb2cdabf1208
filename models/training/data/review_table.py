"""Labelled reviews in a table: Kaggle's ``IMDB Dataset.csv``, or any CSV, TSV or JSON with a text and a label column.

Such a table has no official split, so it is cut in two by a seed, and whoever trains on it is told: reviews of one
film may stand on both sides, and Kaggle's file holds the official test reviews too.
"""

from __future__ import annotations

import hashlib
import tarfile
from itertools import islice
from pathlib import Path

import numpy as np

from models import card_facts
from models.card import ModelCard
from models.card_facts import TableOrigin
from models.scoring.columns import pick_label, pick_text
from models.scoring.decoding import TableError
from models.scoring.labels import read_labels
from models.scoring.tables import Table
from models.training.data.records import Dataset, DatasetError, Review
from models.wording import counted

CUT_SEED = 1
SMALLEST = 400  # labelled reviews: fewer teach and judge nothing
_SAMPLE = 500
_WANTED = (
    "Wanted: the archive aclImdb_v1.tar.gz, its unpacked folder, or a CSV with one column of reviews and one of "
    "labels, such as Kaggle's IMDB Dataset.csv."
)


def is_table(path: Path) -> bool:
    """Whether a path is a file and no archive: what is read as a table."""
    return path.is_file() and not tarfile.is_tarfile(path)


def problem(path: Path) -> str:
    """Why a path cannot be what is learnt from, in one sentence, as far as its beginning tells; "" if it can."""
    try:
        path = path.expanduser()
        if not path.exists():
            return f"There is no file or folder at {path}."
        if path.is_dir():
            top = path / "aclImdb" if (path / "aclImdb").is_dir() else path
            found = all((top / "train" / label).is_dir() for label in ("pos", "neg"))
            return "" if found else f"{path} is a folder without train/pos and train/neg in it. {_WANTED}"
        if not path.is_file():
            return f"{path} is no file that can be read. {_WANTED}"
        if not is_table(path):
            return ""
        with path.open("rb") as file:
            _columns(Table(file, path.name, seconds=0.5))
    except TableError as error:
        return f"{path} cannot be learnt from. {error} {_WANTED}"
    except (OSError, ValueError, EOFError) as error:
        return f"{path} cannot be read ({type(error).__name__}). {_WANTED}"
    return ""


def read(path: Path) -> tuple[list[Review], list[Review], TableOrigin]:
    """All labelled reviews of a table, cut in two by ``CUT_SEED``: ``(training, test, what the card says of it)``.

    A text that stands there twice counts once, so that it cannot be on both sides. ``id`` is the row, from 1.

    Raises:
        DatasetError: if it is no such table, or has too few reviews of a label.
    """
    digest = hashlib.sha256()
    texts: dict[str, tuple[int, str]] = {}
    rows = 0
    try:
        with path.open("rb") as file:
            table = Table(file, path.name)
            text, label = _columns(table)
            for rows, row in enumerate(table.rows(), 1):
                cells = table.fitted(row, text)
                texts.setdefault(cells[text].strip(), (rows, cells[label]))
    except TableError as error:
        raise DatasetError(f"{path} cannot be learnt from. {error} {_WANTED}") from error
    found = read_labels([cell for _, cell in texts.values()], table.columns[label])
    if found is None:
        raise DatasetError(f"{path}: the values of its label column cannot be read as labels. {_WANTED}")
    reviews = []
    for (words, (row_number, _)), positive in zip(texts.items(), found.positive, strict=True):
        if positive is not None and words:
            reviews.append(Review(words, int(positive), 0, row_number))
            digest.update(f"{int(positive)}{words}\0".encode("utf-8", "replace"))
    for side in (0, 1):
        if sum(review.label == side for review in reviews) < SMALLEST // 2:
            raise DatasetError(f"{path} has fewer than {SMALLEST // 2} reviews of each label.")
    order = np.random.default_rng(CUT_SEED).permutation(len(reviews))
    half = len(reviews) // 2
    training, test = ([reviews[place] for place in places] for places in (order[half:], order[:half]))
    origin = TableOrigin(
        kind="table",
        rows=rows,
        labelled=len(reviews),
        left_out=rows - len(reviews),
        labels=found.scale,
        cut_seed=CUT_SEED,
        official_split=False,
        sha256=digest.hexdigest(),
    )
    return training, test, origin


def origin_sentence(origin: TableOrigin) -> str:
    """What is to be known of such a dataset, in two sentences."""
    return (
        f"Learnt from a table of {counted(origin.labelled or 0, 'labelled review')}, cut in two halves by seed "
        f"{origin.cut_seed}: not the official split. Reviews of one film may stand on both sides, and official test "
        "reviews may be among those it learnt from."
    )


def same_source(card: ModelCard, dataset: Dataset) -> None:
    """Refuse to judge a network on reviews that it may have learnt from.

    Raises:
        DatasetError: unless it learnt from the training half of this very dataset.
    """
    learnt = card_facts.origin(card)
    if learnt is None and dataset.origin is None:
        return
    if learnt is None:
        raise DatasetError(
            f"{card.name} learnt from the official reviews, some of which may stand in this table's test half. "
            "Judge it on the official archive."
        )
    if dataset.origin is None or dataset.origin.sha256 != learnt.sha256:
        raise DatasetError(
            f"{card.name} learnt from a table, in which official test reviews may stand. Judge it with --data and that "
            "same table: half of it was kept for that."
        )


def _columns(table: Table) -> tuple[int, int]:
    """The places of texts and labels; raises TableError where one of them is not found."""
    sample = [table.fitted(row, 0) for row in islice(table.rows(), _SAMPLE)]
    text = pick_text(table.columns, sample)
    if text is None:
        raise TableError("No column of it holds texts.")
    fitted = [table.fitted(row, text) for row in islice(table.rows(), _SAMPLE)]
    label = pick_label(table.columns, fitted, text)
    labels = None if label is None else read_labels([row[label] for row in fitted], table.columns[label])
    # Among the first rows of a longer table one side may be missing.
    if label is None or labels is None or not (len(fitted) == _SAMPLE or {True, False} <= set(labels.positive)):
        raise TableError("No column of it holds labels for positive and negative.")
    return text, label
