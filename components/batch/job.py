"""A visitor's reviews and what the models say of them: scored in the background, kept in this session's memory only."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

import numpy as np

from models import settings
from models.card import ModelCard
from models.examples import EXAMPLES
from models.jobs import tasks
from models.jobs.gate import Job, Piece, Work, gate
from models.scoring import reviews
from models.scoring.columns import pick_label, pick_text
from models.scoring.export import added_cells, added_columns, csv_bytes
from models.scoring.label_words import own_words
from models.scoring.labels import Labels, read_labels
from models.scoring.reviews import Reviews
from models.scoring.scoring import NEGATIVE, POSITIVE, Scores, score
from models.scoring.shape import Format
from models.sentiment import SentimentModel

Array = np.ndarray
Submit = Callable[[Work], Job]
MOST_REVIEWS = settings.value("batch_rows")
MOST_CHARACTERS = max(1, settings.value("text_read"))  # of one review, as of a typed one
CHUNK = 250  # rows of one piece of work, and their characters
_CHARACTERS_AT_ONCE = 250_000
# Words times weights that take a tenth of a second.
_PER_WORD, _QUICK = 5, 3_000_000_000
EXCERPT = 160
_SAMPLE, _SAMPLE_LABELS = 200, 2_000
# What our own examples are meant to say; the others are meant to be neither.
_MEANT = {
    "turn": "negative", "glowing": "positive", "scathing": "negative", "negation": "positive", "sarcasm": "negative",
    "surprise": "positive", "long": "positive",
}  # fmt: skip
_numbers = count()


def as_asked(name: str, format: Format | None, header: bool | None, form: str | None) -> tuple[object, ...]:
    """What ``reviews.read`` is told beside the bytes, the limits among it."""
    limits = settings.value("batch_seconds"), MOST_REVIEWS, settings.value("batch_cells")
    return name, format, header, form, *limits


def read(
    data: bytes, name: str, format: Format | None = None, header: bool | None = None, form: str | None = None
) -> Reviews:
    """The reviews of a small file, read here; see ``reviews.read``.

    Raises:
        TableError: if it is no table of reviews.
    """
    return reviews.read(data, *as_asked(name, format, header, form))  # type: ignore[arg-type]


def examples() -> Reviews:
    """Our own reviews, with what they are meant to say as labels."""
    rows = [[example.title, example.text, _MEANT.get(example.name, "neither")] for example in EXAMPLES]
    return read(csv_bytes([["title", "review", "label"], *rows]), "examples.csv")


class Batch:
    """Reviews with one of their columns as the text, and every model's scores as far as they have come.

    Args:
        text: place of the text column; None: find it.

    Attributes:
        number: tells this batch from every other one of the process.
        has_text: whether any column looks like text.
        label: place of the label column, or None; may be set.
        scale: key of ``labels.SCALES``: how labels are read; "": as found. May be set.
        own: what the two words of the networks that read it mean as labels; set by ``speak``.
        rows: as they stand in the file; ``cells`` the texts.
        job: the last run, as it stands at the gate.
        begun: the share of the work, 0…1, that was done before it.
    """

    def __init__(self, reviews: Reviews, text: int | None = None) -> None:
        self.number, self.reviews = next(_numbers), reviews
        columns, fitted = reviews.table.columns, reviews.table.fitted
        sample = reviews.rows[:_SAMPLE]
        found = pick_text(columns, [fitted(row, 0) for row in sample])
        self.has_text = found is not None
        self.text = (found or 0) if text is None else text
        self.rows = reviews.rows
        self.cells = self.column(self.text)
        # Labels in ten rows of the same kind may be on another scale than all of them: many rows are looked at.
        every = max(1, len(self.rows) // _SAMPLE_LABELS)
        self._sample = [fitted(row, self.text) for row in self.rows[::every]]
        self.label = pick_label(columns, self._sample, self.text)
        self.scale = ""
        self.own: dict[str, str] = {}
        self.tokens, self.notes = np.zeros(len(self), int), [""] * len(self)
        self.probabilities: dict[str, Array] = {}
        self.unknown: dict[str, Array] = {}
        self.done: dict[str, int] = {}
        self.job: Job | None = None
        self.begun = 0.0
        self._labels: dict[tuple[int, str], Labels | None] = {}

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def long(self) -> int:
        """How many of the reviews are longer than what is read of one."""
        return sum(len(cell) > MOST_CHARACTERS for cell in self.cells)

    def excerpt(self, place: int) -> str:
        """The beginning of one review, on one line, for tables."""
        return " ".join(self.cells[place][: 2 * EXCERPT].split())[:EXCERPT]

    @property
    def labels(self) -> Labels | None:
        """What the chosen label column says; None where none is chosen or it holds no labels."""
        if self.label is None:
            return None
        asked = (self.label, self.scale)
        if asked not in self._labels:
            name = self.reviews.table.columns[self.label]
            self._labels[asked] = read_labels(self.column(self.label), name, self.scale, self.own)
        return self._labels[asked]

    def speak(self, sides: Iterable[tuple[str, str]]) -> bool:
        """Know the words that brought networks have for 0 and 1: a column that nothing else is known of may say them.

        Args:
            sides: of each network, its words for 0 and 1.

        Returns:
            whether another column is the one of the labels now.
        """
        own, before = own_words(sides), self.label
        if own == self.own:
            return False
        self.own = own
        self._labels.clear()
        if self.label is None or (own and self.labels is None):
            self.label = pick_label(self.reviews.table.columns, self._sample, self.text, own)
        return self.label != before

    def column(self, place: int) -> list[str]:
        """All cells of one column."""
        return [self.reviews.table.fitted(row, self.text)[place] for row in self.rows]

    def quick(self, cards: Sequence[ModelCard]) -> bool:
        """Whether these models score it in a tenth of a second, so that nobody has to ask for it or to wait."""
        characters = sum(map(len, self.cells))
        cost = characters // _PER_WORD * sum(card.recurrent_parameters for card in cards)
        return len(self) <= 60 and characters < 100_000 and cost <= _QUICK

    def missing(self, names: Sequence[str]) -> list[str]:
        """The models that have not scored every row."""
        return [name for name in names if self.done.get(name, 0) < len(self)]

    def share(self, names: Sequence[str]) -> float:
        """How much of the work for these models is done, 0…1."""
        return sum(self.done.get(name, 0) for name in names) / max(1, len(self) * len(names))

    @property
    def running(self) -> bool:
        """Whether it waits to be scored or is being scored."""
        return self.job is not None and self.job.running

    @property
    def error(self) -> str:
        """The name of the error that the last run came to, "" without one."""
        return self.job.error if self.job is not None and self.job.state == "failed" else ""

    def start(self, models: Mapping[str, SentimentModel], submit: Submit | None = None) -> None:
        """Score beside the page what these models have not scored yet, a piece at a time.

        Args:
            submit: lets the work through the gate; whose it is, it knows.

        Raises:
            Busy: if there is no room for it.
        """
        self.begun = self.share(list(models))
        named = {name: tasks.named(model) for name, model in models.items()}
        self.job = (submit or gate().submit)(_work(weakref.ref(self), named))

    def run(self, models: Mapping[str, SentimentModel]) -> None:
        """Score at once, for a small batch."""
        while self.step(models):
            pass

    def cancel(self) -> None:
        """Stop; what is scored stays."""
        if self.job is not None:
            self.job.cancel()

    def step(self, models: Mapping[str, SentimentModel]) -> bool:
        """Score the next piece here, with every model that has not come further; False when nothing was left."""
        part = self.next_part(list(models))
        if part is None:
            return False
        start, end, chosen = part
        self.keep(start, score([models[name] for name in chosen], self.cells[start:end], MOST_CHARACTERS))
        return True

    def next_part(self, names: Sequence[str]) -> tuple[int, int, list[str]] | None:
        """The rows that come next, first and one after the last, and the models that have come no further."""
        left = self.missing(names)
        if not left:
            return None
        start = end = min(self.done.get(name, 0) for name in left)
        room = _CHARACTERS_AT_ONCE
        while end < min(len(self), start + CHUNK) and (end == start or room >= len(self.cells[end])):
            room -= len(self.cells[end])
            end += 1
        return start, end, [name for name in left if self.done.get(name, 0) == start]

    def keep(self, start: int, scores: Scores) -> None:
        """Take what models say of the rows from ``start`` on."""
        end = start + len(scores.tokens)
        self.tokens[start:end] = scores.tokens
        self.notes[start:end] = scores.notes
        for name, values in scores.probabilities.items():
            for kept, fresh in ((self.probabilities, values), (self.unknown, scores.unknown[name])):
                kept.setdefault(name, np.full(len(self), np.nan, np.float32))[start:end] = fresh
            self.done[name] = end

    def scores(self, names: Sequence[str]) -> Scores:
        """What these models say of every row; rows that they have not come to have a note."""
        reached = min((self.done.get(name, 0) for name in names), default=0)
        empty = np.full(len(self), np.nan, np.float32)
        notes = [*self.notes[:reached], *["not scored yet"] * (len(self) - reached)]
        known = np.arange(len(self)) < reached
        probabilities = {name: np.where(known, self.probabilities.get(name, empty), np.nan) for name in names}
        return Scores(probabilities, self.tokens, {name: self.unknown.get(name, empty) for name in names}, notes)

    def csv(self, names: Sequence[str], sides: tuple[str, str] = (NEGATIVE, POSITIVE)) -> bytes:
        """All rows in their order: the original columns, then what these models say. UTF-8 with a mark, for Excel.

        Args:
            sides: what 0 and 1 mean to the models.
        """
        columns = self.reviews.table.columns
        header = [*columns, *added_columns(names, columns, sides[1])]
        fitted = self.reviews.table.fitted
        scored = zip(self.rows, added_cells(self.scores(names), sides), strict=True)
        rows = ([*fitted(cells, self.text), *added] for cells, added in scored)
        return b"\xef\xbb\xbf" + csv_bytes([header, *rows])


def _work(batch: weakref.ref[Batch], models: dict[str, tasks.Named]) -> Work:
    """Piece after piece; between them it holds no batch, so that one that is forgotten is not scored on."""
    while (found := batch()) is not None and (part := found.next_part(list(models))) is not None:
        start, end, chosen = part
        cells = found.cells[start:end]
        del found
        scores = yield Piece("score", ([models[name] for name in chosen], cells, MOST_CHARACTERS))
        if (kept := batch()) is not None:
            kept.keep(start, scores)
        del kept
