"""A brought network as a ``SentimentModel``: the same calls, its own preparation, and its user's words for 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from models.card import ModelCard
from models.errors import EmptyReview
from models.foreign import credit
from models.foreign.general import GeneralNetwork
from models.foreign.stages import Plan
from models.foreign.vocabulary import ForeignVocabulary
from models.foreign.words import Words
from models.nn.cells import sigmoid
from models.nn.network import Network
from models.sentiment import SentimentModel, Trace, layer_traces, retraced
from models.text import has_words

Array = np.ndarray
_AT_ONCE = 48_000  # timesteps of all texts together, of up to 64 features


class ForeignModel(SentimentModel):
    """A network from a file. ``predict`` and ``trace`` agree with Keras on the same preparation.

    Attributes:
        words: as their file has them.
        plan: its layers, as the file has them.
        labels: what 0 and 1 mean.
        general: the literal reader; None where the network is one of the usual ones.
        file: what it was opened from, kept only where it may be put on the shelf.
    """

    vocabulary: ForeignVocabulary

    def __init__(
        self,
        card: ModelCard,
        vocabulary: ForeignVocabulary,
        words: Words,
        network: Network | GeneralNetwork,
        plan: Plan,
        labels: tuple[str, str],
    ) -> None:
        super().__init__(card, vocabulary, cast(Network, network))
        self.words, self.plan, self.labels, self.preparation = words, plan, labels, vocabulary.preparation
        self.general = network if isinstance(network, GeneralNetwork) else None
        self.file: bytes | None = None

    @property
    def exact(self) -> bool:
        """Whether every page can take it apart: gradients, held units, arithmetic of a timestep."""
        return self.general is None

    def ids(self, text: str) -> list[int]:
        """The ids of a text as the notebook has them, cut and filled up: to be compared."""
        rows = [token.id for token in self.vocabulary.tokenize(text)]
        keras = self.vocabulary.keras_ids
        return self.preparation.framed([int(keras[row]) for row in rows])[0]

    def read_ids(self, text: str) -> list[int]:
        """The same ids as far as they are read here: where nothing fixes the length, a long text is cut."""
        found = self.ids(text)
        if self.preparation.maxlen is not None:
            return found
        return found[: self.card.max_timesteps + (self.preparation.start_id is not None)]

    def trace(self, review: str) -> Trace:
        """Read one text and keep everything.

        Raises:
            EmptyReview: when no word is left that reaches the network.
        """
        tokens = self.vocabulary.tokenize(review)
        if not has_words(tokens):
            raise EmptyReview("no word to read")
        rows, front, read = self._frame(np.fromiter((token.id for token in tokens), np.int32))
        if self.plan.mask_zero and self.general is None:
            kept = tuple(token for token in tokens[read] if self.vocabulary.keras_ids[token.id])
        else:
            kept = tokens[read]
        unread = tokens[: read.start] + tokens[read.stop :]
        if not kept:
            raise EmptyReview("no word to read")
        blank = Trace(kept, unread, 0, 0, None, (), rows, 0, rows)
        if self.general is None:
            readings = self.network.read(rows[:, None], np.array([len(rows)]))
            traced = retraced(self.network, blank, readings)
            return replace(traced, front=tuple(int(row) for row in rows[: traced.padding]))
        return self._literal(blank, rows, front)

    def predict(self, reviews: Sequence[str]) -> Array:
        """P of the second label, (n,) float32 in 0…1; NaN where no word reaches the network."""
        documents = self.vocabulary.encode_texts(reviews)
        probabilities = sigmoid(self.logits_of_ids(documents))
        probabilities[np.array([len(ids) == 0 for ids in documents], bool)] = np.nan
        return np.asarray(probabilities, np.float32)

    def logits_of_ids(self, documents: Sequence[Array]) -> Array:
        """(n,) float32 logits of already encoded texts, our rows; whatever stood in front of the words may be there."""
        if self.general is None:
            # Framed here already, so that a start id is among the rows looked up; framing twice changes nothing.
            return super().logits_of_ids([self._framed(ids) if len(ids) else ids for ids in documents])
        logits = np.zeros(len(documents), np.float32)
        widest = max(stage.features for stage in self.plan.recurrent)
        by_length: dict[int, list[tuple[int, Array]]] = {}
        for place, ids in enumerate(documents):
            if len(ids):
                rows = self._framed(ids)
                by_length.setdefault(len(rows), []).append((place, rows))
        for length, members in by_length.items():
            size = max(1, _AT_ONCE // max(1, length * max(1, widest // 64)))
            for start in range(0, len(members), size):
                part = members[start : start + size]
                run = self.general.run(np.stack([rows for _, rows in part], 1))
                logits[[place for place, _ in part]] = run.logits
        return logits

    def _framed(self, ids: Array) -> Array:
        """The rows as the network meets them; padding and a start id that are there already are not added again."""
        words = ids[int(np.argmax(ids != 0)) :] if len(ids) else ids
        if self.vocabulary.start is not None and len(words) and words[0] == self.vocabulary.start:
            words = words[1:]
        return self._frame(words)[0]

    def _frame(self, rows: Array) -> tuple[Array, int, slice]:
        """``Preparation.framed`` in our rows; skipped timesteps are left out where nothing hangs on them."""
        prepared = self.preparation
        if prepared.start_id is not None:
            prepared = replace(prepared, start_id=self.vocabulary.start)
        framed, front, read = prepared.framed(rows.tolist())
        if prepared.maxlen is None and len(rows) > self.card.max_timesteps:
            read = slice(0, self.card.max_timesteps)
            framed = framed[: front + self.card.max_timesteps]
        found = np.array(framed, np.int32)
        if self.plan.mask_zero and self.general is None:
            skipped = self.vocabulary.keras_ids[found] == 0
            return found[~skipped], int((~skipped[:front]).sum()), read
        return found, front, read

    def _literal(self, blank: Trace, rows: Array, front: int) -> Trace:
        assert self.general is not None
        run = self.general.run(rows[:, None])
        words = slice(front, front + len(blank.tokens))
        logit = float(run.logits[0])
        running = credit.running_logits(self.general, run, words)
        shares = credit.contributions(self.general, run)
        straight = credit.nothing(self.general, run)
        return replace(
            blank,
            logit=logit,
            probability=float(sigmoid(np.array(logit))),
            running_logits=running,
            layers=tuple(layer_traces(run.readings, words, self.general.backwards)),
            contributions=np.asarray(shares[words], np.float32),
            bias=straight + float(shares[: words.start].sum() + shares[words.stop :].sum()),
            readout=credit.slopes(self.general, run),
            padding=front,
            readings=run.readings,
            front=tuple(int(row) for row in rows[:front]),
        )
