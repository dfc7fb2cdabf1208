"""The smallest change of a review that turns a model's verdict round: a beam search over words.

A change replaces a word by an opposite or by a neighbour in the model's own embedding, or takes it out. The search
goes level by level (one edit, two, …), so the first level with a success has the fewest edits that it can find; it is
a search with a beam, so a smaller change may exist. Like Ribeiro et al. 2018, "Semantically Equivalent Adversarial
Rules", and Jin et al. 2020, "Is BERT Really Robust?", it asks the model itself about every candidate.

What is reported is checked again from the edited text: the verdict is the other one, and with any one of the edits
taken back it is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from models.compare.edits import WordEdit, apply, remove, replace
from models.compare.flip import Candidate, Flip, Outcome, Progress
from models.compare.neighbours import nearest
from models.compare.opposites import opposites
from models.errors import EmptyReview
from models.nn.cells import sigmoid
from models.sentiment import SentimentModel
from models.text import Token, has_words, keys

Array = np.ndarray

MOST_WORDS = 350
MOST_EDITS = 12
SECONDS = 20.0
_BEAM = 6
_POOL = 30
_PER_WORD = 3
_WORDS_TRIED = 40
_NEIGHBOURS = 8
# The clock is looked at, and progress told, after so many words of candidates.
_TOKENS_PER_LOOK = 12_000
# Closer to the threshold than this, rounding could decide.
_MARGIN = 1e-4


class TooLong(ValueError):
    """The review has more words than a search can try in reasonable time; ``words`` says how many."""

    def __init__(self, words: int) -> None:
        super().__init__(f"{words} words, at most {MOST_WORDS}")
        self.words = words


def find_flip(
    model: SentimentModel,
    review: str,
    *,
    seconds: float = SECONDS,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Flip:
    """Search for the smallest change of ``review`` that flips the verdict of ``model``.

    Args:
        seconds: the search stops after about so long and says so.
        on_progress: called now and then, in the thread that searches; may raise to stop the search.

    Raises:
        EmptyReview: when there is no word in it.
        TooLong: when it has more than ``MOST_WORDS`` words.
    """
    tokens = model.vocabulary.tokenize(review)
    if not has_words(tokens):
        raise EmptyReview("no word to read")
    if len(tokens) > MOST_WORDS:
        raise TooLong(len(tokens))
    return _Search(model, review, tokens, seconds, on_progress).run()


class _TimeOver(Exception):
    """The search has lasted as long as it may."""


class _Search:
    def __init__(
        self,
        model: SentimentModel,
        review: str,
        tokens: tuple[Token, ...],
        seconds: float,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.model, self.review, self.tokens = model, review, tokens
        self.ids = np.array([token.id for token in tokens], np.int32)
        self.seconds, self.on_progress = seconds, on_progress
        self.start, self.tried, self.level = time.monotonic(), 0, 1
        self.before = self._p(review)
        # +1 where the way to the other verdict is up, −1 where it is down.
        self.way = -1.0 if self.before >= 0.5 else 1.0
        self.closest, self.closest_edits = self.before, 0

    def run(self) -> Flip:
        """Level by level, until a flip, the last level, or the end of the time."""
        try:
            return self._found(self._walk())
        except _TimeOver:
            return self._flip("time", (), (), self.review)

    def _walk(self) -> Candidate | None:
        singles = self._single_edits()
        beam: list[Candidate] = [(edit,) for edit, _ in singles[:_BEAM]]
        pool = _varied([edit for edit, _ in singles])
        for edit, gain in singles:
            if gain <= 0:
                break
            if self._verified((edit,)):
                return (edit,)
        for level in range(2, min(MOST_EDITS, len(self.tokens)) + 1):
            self.level = level
            candidates = _combined(beam, pool)
            if not candidates:
                return None
            logits = self._logits(candidates)
            order: list[int] = np.argsort(-self.way * logits, kind="stable").tolist()
            for place in order:
                if self.way * logits[place] <= 0:
                    break
                if self._verified(candidates[place]):
                    return candidates[place]
            beam = [candidates[place] for place in order[:_BEAM]]
        return None

    def _single_edits(self) -> list[tuple[WordEdit, float]]:
        """Every edit worth trying, with its logit on the way to the other verdict, the best one first.

        First every word is taken out; the words where that does most are then replaced by other words.
        """
        removals = [remove(token, place) for place, token in enumerate(self.tokens)]
        removals = [edit for edit in removals if self._still_a_review((edit,))]
        towards = self.way * self._logits([(edit,) for edit in removals])
        effect = {
            edit.timestep: abs(gain - self.way * _logit(self.before))
            for edit, gain in zip(removals, towards, strict=True)
        }
        words = [place for place, token in enumerate(self.tokens) if any(c.isalpha() for c in token.text)]
        words.sort(
            key=lambda place: (not opposites(self.tokens[place].text, self.model.vocabulary), -effect.get(place, 0))
        )
        by_opposite = words[: _WORDS_TRIED // 2]
        words.sort(key=lambda place: -effect.get(place, np.inf))
        places = list(dict.fromkeys([*words[: _WORDS_TRIED // 2], *by_opposite]))
        replacements = self._replacements(places)
        gains = self.way * self._logits([(edit,) for edit in replacements])
        both = [*zip(removals, towards, strict=True), *zip(replacements, gains, strict=True)]
        return sorted(((edit, float(gain)) for edit, gain in both), key=lambda found: -found[1])

    def _replacements(self, places: Sequence[int]) -> list[WordEdit]:
        alike = nearest(self.model, [int(self.ids[place]) for place in places], _NEIGHBOURS)
        edits = []
        for place, neighbours in zip(places, alike, strict=True):
            token = self.tokens[place]
            offered = dict.fromkeys([*opposites(token.text, self.model.vocabulary), *neighbours])
            edits += [replace(token, place, word) for word in offered]
        return edits

    def _logits(self, candidates: Sequence[Candidate]) -> Array:
        """Logits of edited reviews, read from ids; remembers the one nearest to the other side."""
        if not candidates:
            return np.zeros(0, np.float32)
        per_look = max(8, _TOKENS_PER_LOOK // len(self.tokens))
        parts = []
        for first in range(0, len(candidates), per_look):
            self._look()
            some = candidates[first : first + per_look]
            parts.append(self.model.logits_of_ids([self._edited_ids(edits) for edits in some]))
            self.tried += len(some)
            best = int(np.argmax(self.way * parts[-1]))
            seen = float(sigmoid(parts[-1][best]))
            if self.way * (seen - self.closest) > 0:
                self.closest, self.closest_edits = seen, len(some[best])
        return np.concatenate(parts)

    def _edited_ids(self, edits: Candidate) -> Array:
        ids: list[int] = self.ids.tolist()
        for edit in sorted(edits, key=lambda edit: -edit.timestep):
            new = [] if edit.after is None else self.model.vocabulary.encode(keys(edit.after)).tolist()
            ids[edit.timestep : edit.timestep + 1] = new
        return np.array(ids, np.int32)

    def _look(self) -> None:
        passed = time.monotonic() - self.start
        if passed > self.seconds:
            raise _TimeOver
        self.on_progress(Progress(min(1.0, passed / self.seconds), self.level, self.tried, self.closest))

    def _found(self, edits: Candidate | None) -> Flip:
        if edits is None:
            return self._flip("none", (), (), self.review)
        edits = self._smallest(edits)
        path = tuple(self._p(self._text(edits[: i + 1])) for i in range(len(edits)))
        return self._flip("found", edits, path, self._text(edits))

    def _smallest(self, edits: Candidate) -> Candidate:
        """Take edits back as long as the verdict stays the other one without them."""
        while True:
            fewer = (edits[:i] + edits[i + 1 :] for i in range(len(edits)))
            still = next((some for some in fewer if some and self._flips(some)), None)
            still = still or next((edits[:i] for i in range(1, len(edits)) if self._flips(edits[:i])), None)
            if still is None:
                return edits
            edits = still

    def _verified(self, edits: Candidate) -> bool:
        """Whether the edited *text* is read as a flip, clear of rounding."""
        if not self._still_a_review(edits):
            return False
        return self.way * (self._p(self._text(edits)) - 0.5) > _MARGIN

    def _flips(self, edits: Candidate) -> bool:
        return self._still_a_review(edits) and (self._p(self._text(edits)) >= 0.5) != (self.before >= 0.5)

    def _still_a_review(self, edits: Candidate) -> bool:
        gone = {edit.timestep for edit in edits if edit.after is None}
        return len(gone) < len(self.tokens) and has_words(t for i, t in enumerate(self.tokens) if i not in gone)

    def _text(self, edits: Candidate) -> str:
        return apply(self.review, self.tokens, edits)

    def _p(self, text: str) -> float:
        return float(self.model.predict([text])[0])

    def _flip(self, outcome: Outcome, edits: Candidate, path: tuple[float, ...], text: str) -> Flip:
        passed = time.monotonic() - self.start
        return Flip(outcome, self.before, edits, path, text, self.closest, self.closest_edits, self.tried, passed)


def _varied(edits: Iterable[WordEdit]) -> list[WordEdit]:
    """The first ``_POOL`` edits, of one word at most ``_PER_WORD``."""
    counts: dict[int, int] = {}
    pool: list[WordEdit] = []
    for edit in edits:
        counts[edit.timestep] = counts.get(edit.timestep, 0) + 1
        if counts[edit.timestep] <= _PER_WORD:
            pool.append(edit)
        if len(pool) == _POOL:
            break
    return pool


def _combined(beam: Sequence[Candidate], pool: Sequence[WordEdit]) -> list[Candidate]:
    """Every candidate of the beam with one more edit, the same set of edits only once."""
    found: dict[frozenset[WordEdit], Candidate] = {}
    for edits in beam:
        taken = {edit.timestep for edit in edits}
        for edit in pool:
            if edit.timestep not in taken:
                found.setdefault(frozenset((*edits, edit)), (*edits, edit))
    return list(found.values())


def _logit(p: float) -> float:
    clipped = min(max(p, 1e-7), 1 - 1e-7)
    return float(np.log(clipped / (1 - clipped)))
