"""One Recipe per pretrained model: everything that decides what comes out of training."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from models.training.families import Family
from models.training.teachers.articles import ARTICLES, Article

Pooling = Literal["last", "mean", "max"]
Unlabelled = Literal["unlabelled", "sentences", "parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one network is built and trained.

    Attributes:
        name: folder, command-line and URL value.
        title: what people read.
        family: the recurrent cell.
        order: place on the shelf.
        summary: one sentence for the model picker and the card.
        units: size of each recurrent layer's state, input side first.
        bidirectional: whether every layer also reads from the end.
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
        clip_norm: longest gradient, over all weights together.
        averaging: how slowly the averaged weights, which are the ones kept, follow the trained ones.
        unlabelled_per_epoch: unlabelled reviews shown in one epoch, beside all labelled ones, with the teachers'
            opinion; without teachers, see ``AdversarialModel``. 0 for a training without them, and without word
            vectors learnt from them.
        sentences_per_epoch: sentences of unlabelled reviews shown in one epoch, judged by the teachers.
        parts_per_epoch: beginnings and ends of unlabelled reviews shown in one epoch, judged by the teachers.
        negated_per_epoch: sentences with "not" or its like put before their judgement, see ``Rewriter.negated``.
        joined_per_epoch: blame and praise joined by "but", with the verdict of what comes last.
        mirrored_per_epoch: labelled reviews with their judging words turned round, see ``Rewriter.mirrored``.
        validation_size: labelled reviews held out to choose the epoch and to calibrate.
        language_model_epochs: how often the first recurrent layer goes through all texts guessing the next word, before
            it learns verdicts; 0 for a random start.
        language_model_rounds: into how many rounds these are divided, each with a falling learning rate of its own.
        continues: a finished network whose word vectors the language model starts from, and its recurrent weights if
            they fit.
        adversarial: length of the worst small change of a review's word vectors that it is trained against; 0: none.
        seed: seeds every random choice.
    """

    name: str
    title: str
    family: Family
    order: int
    summary: str
    units: tuple[int, ...] = (64,)
    bidirectional: bool = False
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
    learning_rate: float = 2e-3
    clip_norm: float = 1.0
    averaging: float = 0.998
    batch_size: int = 64
    epochs: int = 6
    unlabelled_per_epoch: int = 50_000
    sentences_per_epoch: int = 0
    parts_per_epoch: int = 0
    negated_per_epoch: int = 0
    joined_per_epoch: int = 0
    mirrored_per_epoch: int = 0
    validation_size: int = 2_500
    language_model_epochs: int = 0
    language_model_rounds: int = 1
    continues: str = ""
    adversarial: float = 0.0
    seed: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        return asdict(self)

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
        counts = (
            self.sentences_per_epoch,
            self.parts_per_epoch,
            self.negated_per_epoch,
            self.joined_per_epoch,
            self.mirrored_per_epoch,
        )
        return any(counts)

    def opinions_of(self, texts: Unlabelled) -> bool:
        """Whether it is shown these texts with a teacher's opinion, or texts made of them by that opinion."""
        return bool(
            {
                "unlabelled": self.unlabelled_per_epoch,
                "sentences": self.sentences_per_epoch or self.joined_per_epoch,
                "parts": self.parts_per_epoch,
            }[texts]
        )

    @property
    def streams(self) -> bool:
        """Whether the network has a prediction after every word: not if it also reads from the end."""
        return not self.bidirectional


# The trio learns from the same opinions for equally long.
_TAUGHT: dict[str, Any] = {
    "units": (128,),
    "teachers": ("best_pretrained",),
    "unlabelled_per_epoch": 35_000,
    "parts_per_epoch": 30_000,
    "language_model_epochs": 4,
    "epochs": 5,
}

# Sentences, and texts turned round. The SimpleRNN is not shown them: it lost by them (see docs/experiments.csv),
# perhaps because a state without gates does not hold a "not" until it is needed.
_ADDITIONS: dict[str, Any] = {
    "sentences_per_epoch": 20_000,
    "negated_per_epoch": 5_000,
    "joined_per_epoch": 4_000,
    "mirrored_per_epoch": 5_000,
}

_PRETRAINED: dict[str, Any] = {
    "family": "GRU",
    "units": (512,),
    "bidirectional": True,
    "readout": ("mean", "max"),
    "teachers": (),
    "running_loss": 0.0,
    "embedding_dropout": 0.3,
    "output_dropout": 0.4,
    "embedding_rate": 0.5,
    "learning_rate": 1e-3,
    "averaging": 0.99,
    "epochs": 6,
    "unlabelled_per_epoch": 0,
    "adversarial": 1.5,
}

# For lessons: three networks that differ in nothing but the cell, taught by labels alone, judging by the last state.
_PLAIN: dict[str, Any] = {
    "units": (64,),
    "vocabulary": 10_000,
    "embedding": 64,
    "teachers": (),
    "unlabelled_per_epoch": 0,
    "embedding_rate": 1.0,
    "epochs": 8,
}

_ALL = (
    Recipe(
        name="simple_rnn",
        title="SimpleRNN",
        family="SimpleRNN",
        order=1,
        summary="The plainest cell: one state, no gates. The verdict looks at all states so far.",
        readout=("mean", "max"),
        recurrent_gain=0.5,
        **_TAUGHT,
    ),
    Recipe(
        name="lstm",
        title="LSTM",
        family="LSTM",
        order=2,
        summary="Three gates guard a cell state, which can keep a word's mark until the end.",
        readout=("last", "mean", "max"),
        **_TAUGHT,
        **_ADDITIONS,
    ),
    Recipe(
        name="gru",
        title="GRU",
        family="GRU",
        order=3,
        summary="Two gates decide how much of the state is kept and how much is rewritten.",
        **_TAUGHT,
        **_ADDITIONS,
    ),
    Recipe(
        name="best_bigru",
        title="Bidirectional GRU",
        family="GRU",
        order=4,
        summary="Reads from both ends and judges by all states together.",
        bidirectional=True,
        readout=("mean", "max"),
        running_loss=0.0,
        epochs=5,
        unlabelled_per_epoch=25_000,
    ),
    Recipe(
        name="best_stacked",
        title="Stacked bidirectional GRU",
        family="GRU",
        order=5,
        summary="Two layers, each reading from both ends; taught by three other networks and a word-count model.",
        units=(64, 64),
        bidirectional=True,
        readout=("mean", "max"),
        teachers=("naive_bayes", "best_bigru", "first_lstm", "first_gru"),
        running_loss=0.0,
    ),
    Recipe(
        name="best_pretrained",
        title="Pretrained bidirectional GRU",
        order=6,
        summary="First learnt to guess the next word in all reviews, then verdicts from labelled ones: no teacher.",
        language_model_epochs=3,
        continues="first_pretrained",
        **_PRETRAINED,
    ),
    Recipe(
        name="plain_simple_rnn",
        title="Plain SimpleRNN",
        family="SimpleRNN",
        order=7,
        summary="One state, no gates; the last state alone decides. Like the other two plain ones in all but the cell.",
        **_PLAIN,
    ),
    Recipe(
        name="plain_lstm",
        title="Plain LSTM",
        family="LSTM",
        order=8,
        summary="A gated cell state; the last state alone decides. Like the other two plain ones in all but the cell.",
        **_PLAIN,
    ),
    Recipe(
        name="plain_gru",
        title="Plain GRU",
        family="GRU",
        order=9,
        summary="Two gates; the last state alone decides. Like the other two plain ones in all but the cell.",
        **_PLAIN,
    ),
)

_UNSHELVED = "Others start or learn from it; not on the shelf."
_FIRST: dict[str, Any] = {"teachers": ("naive_bayes", "best_bigru"), "summary": _UNSHELVED}

# Networks that others start or learn from: trained when they are asked for, kept in the working folder.
TEACHERS: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(name="first_lstm", title="LSTM, first round", family="LSTM", order=101, **_FIRST),
        Recipe(name="first_gru", title="GRU, first round", family="GRU", order=102, **_FIRST),
        Recipe(
            name="first_pretrained",
            title="Pretrained bidirectional GRU, first round",
            order=103,
            summary=_UNSHELVED,
            language_model_epochs=8,
            language_model_rounds=2,
            **_PRETRAINED,
        ),
    )
}
RECIPES: dict[str, Recipe | Article] = {recipe.name: recipe for recipe in (*_ALL, *ARTICLES)}
