"""What decides what comes out of a training: a ``Recipe`` of our own, or an ``Article``, a published system."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Family = Literal["SimpleRNN", "LSTM", "GRU"]
Pooling = Literal["last", "mean", "max"]
Unlabelled = Literal["unlabelled", "sentences", "parts"]
# How many of what is shown besides reviews, by the names of the settings.
ADDED = tuple(f"{kind}_per_epoch" for kind in ("sentences", "parts", "negated", "joined", "composed", "mirrored"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What our own recipes and published systems have in common.

    Attributes:
        name: folder, command-line and URL value.
        title: what people read.
        family: the recurrent cell.
        order: place on the shelf.
        summary: one sentence for the model picker and the card.
        bidirectional: whether every layer also reads from the end.
        seed: seeds every random choice.
    """

    name: str
    title: str
    family: Family
    order: int
    summary: str
    bidirectional: bool = False
    seed: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        return asdict(self)

    @property
    def streams(self) -> bool:
        """Whether the network has a prediction after every word: not if it also reads from the end."""
        return not self.bidirectional


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Common):
    """How one network is built and trained.

    Attributes:
        units: size of each recurrent layer's state, input side first.
        readout: what the output layer looks at: the state after the last word, the mean of all states so far, the
            maximum of all states so far, or several of them side by side.
        recurrent_gain: scale of the orthogonal start of the recurrent weights.
        vocabulary: words, the two reserved entries counted in.
        embedding: length of a word vector.
        max_timesteps: tokens read of one review when the model is used; the rest, at the end, is not read.
        window: tokens of one review in training; of longer ones the first quarter and the end are kept.
        teachers: models whose blended judgement labels the unlabelled reviews; "naive_bayes" or a recipe's name.
        running_loss: share of the loss that is taken after every word (weighted by position) instead of at the end.
        crops: share of the labelled examples that are shown as a short random stretch of the review.
        word_dropout: chance of a word being shown as out of vocabulary.
        embedding_rate: learning rate of the pretrained word vectors, as a share of the rest's.
        state_rate: learning rate of a single recurrent layer and the output layer, likewise.
        clip_norm: longest gradient, over all weights together.
        averaging: how slowly the averaged weights, which are the ones kept, follow the trained ones.
        labelled_per_epoch: labelled reviews shown in one epoch; 0 for all.
        unlabelled_per_epoch: unlabelled reviews shown in one epoch, beside all labelled ones, with the teachers'
            opinion; without teachers, see ``AdversarialModel``. 0 for a training without them, and without word
            vectors learnt from them.
        sentences_per_epoch: sentences of unlabelled reviews shown in one epoch, judged by the teachers.
        parts_per_epoch: beginnings and ends of unlabelled reviews shown in one epoch, judged by the teachers.
        negated_per_epoch: sentences with "not" or its like put before their judgement, see ``Rewriter.negated``.
        joined_per_epoch: blame and praise joined by "but", with the verdict of what comes last.
        composed_per_epoch: opinions of a few words, composed from the reviews' own words, see ``Composer``.
        mirrored_per_epoch: labelled reviews with their judging words turned round, see ``Rewriter.mirrored``.
        validation_size: labelled reviews held out to choose the epoch and to calibrate.
        language_model_epochs: how often the first recurrent layer goes through all texts guessing the next word, before
            it learns verdicts; 0 for a random start.
        language_model_rounds: into how many rounds these are divided, each with a falling learning rate of its own.
        continues: a finished network whose word vectors the language model starts from, and its recurrent weights if
            they fit.
        short_epochs: epochs after all others that show short opinions, and some of everything else; see ``short``.
        goes_on: whether it is such a last stage: all weights come from the finished network of the same name.
        adversarial: length of the worst small change of a review's word vectors that it is trained against; 0: none.
    """

    units: tuple[int, ...] = (64,)
    readout: tuple[Pooling, ...] = ("last",)
    recurrent_gain: float = 1.0
    vocabulary: int = 30_000
    embedding: int = 100
    max_timesteps: int = 1_500
    window: int = 400
    teachers: tuple[str, ...] = ("naive_bayes",)
    running_loss: float = 0.7
    crops: float = 0.2
    word_dropout: float = 0.02
    embedding_dropout: float = 0.2
    output_dropout: float = 0.3
    embedding_rate: float = 0.3
    state_rate: float = 1.0
    learning_rate: float = 2e-3
    clip_norm: float = 1.0
    averaging: float = 0.998
    batch_size: int = 64
    epochs: int = 6
    labelled_per_epoch: int = 0
    unlabelled_per_epoch: int = 50_000
    sentences_per_epoch: int = 0
    parts_per_epoch: int = 0
    negated_per_epoch: int = 0
    joined_per_epoch: int = 0
    composed_per_epoch: int = 0
    mirrored_per_epoch: int = 0
    validation_size: int = 2_500
    language_model_epochs: int = 0
    language_model_rounds: int = 1
    continues: str = ""
    short_epochs: int = 0
    goes_on: bool = False
    adversarial: float = 0.0

    @property
    def unread_end(self) -> Literal["start", "end"]:
        """At which end the words lie that are left out of a long review."""
        return "end"

    @property
    def reads_unlabelled(self) -> bool:
        """Whether it learns anything from the unlabelled reviews, if only words."""
        return bool(self.unlabelled_per_epoch or self.language_model_epochs)

    @property
    def additions(self) -> bool:
        """Whether anything is shown besides whole reviews and stretches of them."""
        return any(getattr(self, name) for name in ADDED)

    def opinions_of(self, texts: Unlabelled) -> bool:
        """Whether it is shown these texts with a teacher's opinion, or texts made of them by that opinion."""
        return bool(
            {
                "unlabelled": self.unlabelled_per_epoch,
                "sentences": self.sentences_per_epoch or self.joined_per_epoch or self.composed_per_epoch,
                "parts": self.parts_per_epoch,
            }[texts]
        )

    @property
    def whole(self) -> Recipe:
        """The recipe up to its last stage."""
        return replace(self, short_epochs=0)

    @property
    def short(self) -> Recipe:
        """The recipe's last stage: it shows short opinions, and some of all else, so that nothing is forgotten."""
        return replace(
            self,
            epochs=self.short_epochs,
            short_epochs=0,
            goes_on=True,
            language_model_epochs=0,
            continues="",
            labelled_per_epoch=6_000,
            unlabelled_per_epoch=6_000,
            parts_per_epoch=2_000,
            sentences_per_epoch=8_000,
            negated_per_epoch=3_000,
            joined_per_epoch=2_000,
            composed_per_epoch=16_000,
            mirrored_per_epoch=0,
            learning_rate=1e-3,
            embedding_rate=1.0,
            state_rate=0.05,
            averaging=0.995,
        )

    def shown(self, texts: Unlabelled) -> int | None:
        """How many of these texts its teachers judge; None for all.

        A last stage has no more of them judged than it shows, and of sentences twice as many: others are made of them.
        """
        if not self.goes_on:
            return None
        of_one = {
            "unlabelled": self.unlabelled_per_epoch,
            "sentences": 2 * self.sentences_per_epoch,
            "parts": self.parts_per_epoch,
        }[texts]
        return self.epochs * of_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Common):
    """How one published system is built and trained: exactly as published, so that its figures can be checked.

    Attributes:
        reported: what the article says it reached, 0…1: "test_accuracy", "training_accuracy".
        chosen: what the article leaves open and was chosen here, as sentences.
        units, vocabulary, embedding: as in ``Recipe``.
        max_timesteps: tokens read of one review; which end is left out, ``padding`` says.
        padding: "front": every review is filled up in front to ``max_timesteps``, without a mask, and of a longer one
            the beginning is left out, Keras's ``pad_sequences``; "masked": filled up at the end and masked.
        hidden: size of a relu layer between the recurrent layers and the output; 0 for none.
        output_dropout: before the output layer.
        optimizer, learning_rate, batch_size, epochs: as published; a rate of None is Keras's own.
        resumed_after: stop after so many epochs, take the checkpoint of the best one so far and go on; 0 for never.
        test_reviews: 0 for the official test set; else so many, drawn from all 50,000 labelled reviews.
        validation_share: of the training reviews, held out at random.
        validation_steps: instead, so many batches of the official test set, as its tutorial does for the curve.
    """

    reported: dict[str, float]
    chosen: tuple[str, ...]
    units: tuple[int, ...]
    vocabulary: int
    embedding: int
    max_timesteps: int
    padding: Literal["front", "masked"] = "front"
    hidden: int = 0
    output_dropout: float = 0.0
    optimizer: Literal["rmsprop", "adam"]
    learning_rate: float | None = None
    batch_size: int
    epochs: int
    resumed_after: int = 0
    test_reviews: int = 0
    validation_share: float = 0.0
    validation_steps: int = 0

    @property
    def readout(self) -> tuple[str, ...]:
        """What the output looks at: always the state after the last word."""
        return ("last",)

    @property
    def unread_end(self) -> Literal["start", "end"]:
        """At which end the words lie that are left out of a long review."""
        return "start" if self.padding == "front" else "end"
