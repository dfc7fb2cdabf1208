"""What a recipe's teachers think of texts that nobody labelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from models import artifacts, card_facts
from models.catalog import load_model, read_card
from models.nn.cells import sigmoid
from models.sentiment import SentimentModel
from models.training.data import imdb
from models.training.data.corpus import NOBODY_JUDGED, Corpus, Part, fingerprint
from models.training.recipe import Recipe, Unlabelled


class Teachers:
    """The recipe's teachers; their opinions are kept in ``work``.

    Args:
        shelf_with: the shelf on which a network lies; it is trained first if it is not there yet.
    """

    def __init__(self, recipe: Recipe, corpus: Corpus, work: Path, shelf_with: Callable[[str], Path]) -> None:
        self._recipe, self._corpus, self._work = recipe, corpus, work
        self._shelves = {name: shelf_with(name) for name in recipe.teachers if name != "naive_bayes"}

    def judge(self, part: Unlabelled) -> Part:
        """These texts with P(positive): the teachers' mean logit, never exactly 0 or 1.

        Nobody judges them if the recipe has no teachers or does not ask for opinions of these texts. Naive Bayes, which
        counts the words of whole reviews, judges pieces of them only where it is the only teacher. Single sentences
        are judged without a teacher's shift: it was fitted on whole reviews, and on a dozen words it leans too far.
        """
        texts: Part = getattr(self._corpus, part)
        texts = texts.head(self._recipe.shown(part), (self._recipe.seed, 40_000))
        if not (self._recipe.teachers and self._recipe.opinions_of(part)):
            return Part(texts.ids, np.full(len(texts), NOBODY_JUDGED, np.float32))
        names = [name for name in self._recipe.teachers if part == "unlabelled" or name in self._shelves]
        names = names or list(self._recipe.teachers)
        logits = [
            self._opinion(name, part, texts) - (self._shift(name) if part == "sentences" else 0) for name in names
        ]
        mean = np.mean(logits, axis=0)
        return Part(texts.ids, sigmoid(mean).clip(1e-3, 1 - 1e-3).astype(np.float32))

    def _shift(self, teacher: str) -> float:
        """What calibration added to this teacher's logits, see ``Calibration``."""
        if teacher not in self._shelves:
            return 0.0
        return card_facts.training(read_card(self._shelves[teacher] / teacher)).shift or 0.0

    def _opinion(self, teacher: str, part: str, texts: Part) -> np.ndarray:
        version = "1"
        if teacher in self._shelves:
            version = artifacts.sha256(self._shelves[teacher] / teacher / "model.keras")[:12]
        # The corpus's own fingerprint does not say how its reviews are cut.
        pieces = fingerprint(self._corpus.vocabulary, [texts])
        saved = self._work / f"opinion-{teacher}-{version}-{self._corpus.fingerprint}-{pieces}-{part}.npy"
        if saved.exists():
            return np.asarray(np.load(saved))
        if teacher in self._shelves:
            model = of_the_same_words(teacher, self._corpus, self._shelves[teacher])
            opinion = model.logits_of_ids(texts.ids)
        else:
            from models.training.teachers.naive_bayes import NaiveBayesWeighted

            opinion = NaiveBayesWeighted(self._recipe.vocabulary).fit(self._corpus.training, 1).logits(texts.ids)
        self._work.mkdir(parents=True, exist_ok=True)
        np.save(saved, opinion)
        return opinion


def of_the_same_words(name: str, corpus: Corpus, shelf: Path) -> SentimentModel:
    """A network that learnt the words of the corpus.

    Raises:
        DatasetError: if it learnt others.
    """
    model = load_model(name, shelf)
    if model.vocabulary.words != corpus.vocabulary.words:
        raise imdb.DatasetError(f"The network {name} in {shelf} learnt other words; name another shelf with --out.")
    return model
