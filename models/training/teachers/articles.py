"""The systems that tutorials teach, as recipes: trained exactly as published, so that their figures can be checked.

Where an article leaves a detail open, the value that such tutorials usually take is chosen, and ``chosen`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from models.training.recipe import Common


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Common):
    """How one published system is built and trained.

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


_TEXT_TUTORIAL = (
    "Words are cut and lower-cased by this project's tokenizer, as for every model here.",
    "The longest reviews are read whole, as in the tutorial.",
    "Batches of 64 are drawn at random and filled up to their longest review.",
)

_SIMPLE_RNN = Article(
    name="article_simple_rnn",
    title="Article SimpleRNN",
    family="SimpleRNN",
    order=20,
    summary="The first network of most tutorials: 500 timesteps, padding in front, no mask.",
    reported={"test_accuracy": 0.8325},
    chosen=(
        "A fifth of the training reviews, drawn at random, is the validation split.",
        "The 10,000 words are the most frequent ones of the training reviews.",
    ),
    units=(32,),
    vocabulary=10_000,
    embedding=64,
    max_timesteps=500,
    optimizer="rmsprop",
    batch_size=128,
    epochs=5,
    validation_share=0.2,
)
_TUTORIAL = Article(
    name="tutorial_bilstm",
    title="Tutorial BiLSTM",
    family="LSTM",
    order=24,
    summary="TensorFlow's text tutorial: a thousand words, a mask over the padding, a layer before the output.",
    reported={"test_accuracy": 0.85},
    chosen=_TEXT_TUTORIAL,
    units=(64,),
    bidirectional=True,
    vocabulary=1_000,
    embedding=64,
    max_timesteps=3_000,
    padding="masked",
    hidden=64,
    optimizer="adam",
    learning_rate=1e-4,
    batch_size=64,
    epochs=10,
    validation_steps=30,
)

ARTICLES = (
    _SIMPLE_RNN,
    replace(
        _SIMPLE_RNN,
        name="article_simple_rnn_checkpointed",
        title="Article SimpleRNN, resumed",
        order=21,
        summary="Ten epochs, stopped half-way and taken up again from the best checkpoint.",
        reported={},
        chosen=(
            "Word vectors of 64, 32 units, 500 timesteps and rmsprop, as in its sister article.",
            "A fifth of the training reviews, drawn at random, is the validation split that chooses the checkpoint.",
            "The training is stopped after five epochs and resumed from the checkpoint, with the optimiser's state.",
        ),
        epochs=10,
        resumed_after=5,
    ),
    Article(
        name="article_lstm",
        title="Article LSTM",
        family="LSTM",
        order=22,
        summary="One LSTM of 128 units that reads the last 80 words of a review.",
        reported={"test_accuracy": 0.84},
        chosen=(
            "Word vectors of 128 and 80 timesteps, as in Keras's own LSTM example with 20,000 words.",
            "A fifth of the training reviews, drawn at random, is the validation split.",
        ),
        units=(128,),
        vocabulary=20_000,
        embedding=128,
        max_timesteps=80,
        optimizer="rmsprop",
        batch_size=128,
        epochs=5,
        validation_share=0.2,
    ),
    Article(
        name="article_bilstm",
        title="Article BiLSTM",
        family="LSTM",
        order=23,
        summary="Trained on 45,000 of all 50,000 labelled reviews and judged on the other 5,000.",
        reported={"training_accuracy": 0.93, "test_accuracy": 0.89},
        chosen=(
            "10,000 words, word vectors of 64, 64 units in each direction, 200 timesteps and batches of 128.",
            "The cut is random with a fixed seed: reviews of one film can stand on both sides, which flatters it.",
            "A tenth of the 45,000, drawn at random, is held out for the validation curve.",
        ),
        units=(64,),
        bidirectional=True,
        vocabulary=10_000,
        embedding=64,
        max_timesteps=200,
        optimizer="adam",
        batch_size=128,
        epochs=4,
        test_reviews=5_000,
        validation_share=0.1,
    ),
    _TUTORIAL,
    replace(
        _TUTORIAL,
        name="tutorial_stacked_bilstm",
        title="Tutorial stacked BiLSTM",
        order=25,
        summary="The same tutorial's second network: one bidirectional LSTM reads what another one wrote.",
        reported={"test_accuracy": 0.86},
        units=(64, 32),
        output_dropout=0.5,
    ),
)
