"""A brought network's words as our own vocabularies have them: 0 is padding, 1 unknown, then the words.

The rows of its embedding are put in that order (``rows``), so that every page can ask for a word as it does of ours;
``keras_ids`` says which row of the file each of them is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.errors import ForeignNetworkError
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from models.text import OUT_OF_VOCABULARY, RESERVED, Token, Vocabulary

Array = np.ndarray


class ForeignVocabulary(Vocabulary):
    """The words of a brought network.

    Attributes:
        keras_ids: (rows,) the id in the notebook by row of ours; −1 for the unknown word of a network without one.
        start: our row of the id put before every text, or None.
    """

    reads_texts = True

    def __init__(self, words: Words, preparation: Preparation, rows: int) -> None:
        ids = {word: number + preparation.offset for word, number in words.ids.items()}
        most = min(rows, preparation.num_words or rows)
        kept = {w: i for w, i in ids.items() if 0 <= i < most and w not in RESERVED and i != preparation.oov_id}
        for name in ("oov_id", "start_id"):
            value = getattr(preparation, name)
            if value is not None and value >= rows:
                raise ForeignNetworkError(f"{name} is {value:,}, but the network knows only the ids 0 to {rows - 1:,}.")
        if not kept:
            raise ForeignNetworkError("No word of the vocabulary has an id that the network knows.")
        ordered = sorted(kept, key=kept.__getitem__)
        super().__init__((*RESERVED, *ordered))
        unknown = -1 if preparation.oov_id is None else preparation.oov_id
        listed = [0, unknown, *(kept[word] for word in ordered)]
        self.start: int | None = None
        if preparation.start_id is not None:
            self.start = len(listed)
            listed.append(preparation.start_id)
        self.keras_ids = np.array(listed, np.int64)
        self.preparation = preparation

    def rows(self, embedding: Array) -> Array:
        """The embedding in our order; a network without an unknown word gets the mean of its words in that place."""
        found = np.asarray(embedding[np.maximum(self.keras_ids, 0)])
        if self.keras_ids[OUT_OF_VOCABULARY] < 0:
            found[OUT_OF_VOCABULARY] = found[2 : len(self)].mean(0)
        return found

    @property
    def drops_unknown(self) -> bool:
        """Whether words out of vocabulary never reach the network."""
        return self.preparation.oov_id is None

    def tokenize(self, review: str) -> tuple[Token, ...]:
        """All words of a text that reach the network, with their offsets; the ids are our rows."""
        tokens = []
        for start, end, word in self.preparation.words(review):
            row = self._ids.get(word, OUT_OF_VOCABULARY)
            if row != OUT_OF_VOCABULARY or not self.drops_unknown:
                tokens.append(Token(review[start:end], start, end, row, row != OUT_OF_VOCABULARY))
        return tuple(tokens)

    def id(self, word: str) -> int:
        """Our row of a word in the form in which its vocabulary has it."""
        return max(self._ids.get(word, OUT_OF_VOCABULARY), OUT_OF_VOCABULARY)

    def encode_texts(self, texts: Iterable[str]) -> list[Array]:
        """Our rows of each text's words, (timesteps,) int32."""
        found = []
        for text in texts:
            rows = [self._ids.get(word, OUT_OF_VOCABULARY) for word in self.preparation.bare_words(text)]
            if self.drops_unknown:
                rows = [row for row in rows if row != OUT_OF_VOCABULARY]
            found.append(np.array(rows, np.int32))
        return found
