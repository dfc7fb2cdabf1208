"""One Recipe per pretrained model."""

from __future__ import annotations

from functools import partial

from models.nn.network import snake
from models.training.recipe import Family, Recipe
from models.training.teachers.articles import ARTICLES, Article

# The trio learns from the same opinions for equally long.
_taught = partial(
    Recipe,
    units=(128,),
    teachers=("best_pretrained",),
    unlabelled_per_epoch=35_000,
    parts_per_epoch=30_000,
    language_model_epochs=4,
    epochs=5,
)

# Sentences, and texts turned round. The SimpleRNN is not shown them before its last stage: it lost by them (see
# docs/experiments.csv), perhaps because a state without gates does not hold a "not" until it is needed.
_taught_more = partial(
    _taught,
    short_epochs=1,
    sentences_per_epoch=20_000,
    negated_per_epoch=5_000,
    joined_per_epoch=4_000,
    mirrored_per_epoch=5_000,
)

_pretrained = partial(
    Recipe,
    family="GRU",
    units=(512,),
    bidirectional=True,
    readout=("mean", "max"),
    teachers=(),
    running_loss=0.0,
    embedding_dropout=0.3,
    output_dropout=0.4,
    embedding_rate=0.5,
    learning_rate=1e-3,
    averaging=0.99,
    epochs=6,
    unlabelled_per_epoch=0,
    adversarial=1.5,
)

# For lessons: three networks that differ in nothing but the cell, taught by labels alone, judging by the last state.
_plain = partial(
    Recipe,
    units=(64,),
    vocabulary=10_000,
    embedding=64,
    teachers=(),
    unlabelled_per_epoch=0,
    embedding_rate=1.0,
    epochs=8,
)

_CELLS: dict[Family, str] = {"SimpleRNN": "One state, no gates", "LSTM": "A gated cell state", "GRU": "Two gates"}

_ALL: tuple[Recipe | Article, ...] = (
    _taught(
        name="simple_rnn",
        title="SimpleRNN",
        family="SimpleRNN",
        order=1,
        summary="The plainest cell: one state, no gates. The verdict looks at all states so far.",
        readout=("mean", "max"),
        recurrent_gain=0.5,
    ),
    _taught_more(
        name="lstm",
        title="LSTM",
        family="LSTM",
        order=2,
        summary="Three gates guard a cell state, which can keep a word's mark until the end.",
        readout=("last", "mean", "max"),
    ),
    _taught_more(
        name="gru",
        title="GRU",
        family="GRU",
        order=3,
        summary="Two gates decide how much of the state is kept and how much is rewritten.",
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
    _pretrained(
        name="best_pretrained",
        title="Pretrained bidirectional GRU",
        order=6,
        summary="First learnt to guess the next word in all reviews, then verdicts from labelled ones: no teacher.",
        language_model_epochs=3,
        continues="first_pretrained",
    ),
    *(
        _plain(
            name=f"plain_{snake(family)}",
            title=f"Plain {family}",
            family=family,
            order=order,
            summary=f"{cell}; the last state alone decides. Like the other two plain ones in all but the cell.",
        )
        for order, (family, cell) in enumerate(_CELLS.items(), 7)
    ),
    *ARTICLES,
)

_UNSHELVED = "Others start or learn from it; not on the shelf."
_first = partial(Recipe, teachers=("naive_bayes", "best_bigru"), summary=_UNSHELVED)

# Networks that others start or learn from: trained when they are asked for, kept in the working folder.
TEACHERS: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        _first(name="first_lstm", title="LSTM, first round", family="LSTM", order=101),
        _first(name="first_gru", title="GRU, first round", family="GRU", order=102),
        _pretrained(
            name="first_pretrained",
            title="Pretrained bidirectional GRU, first round",
            order=103,
            summary=_UNSHELVED,
            language_model_epochs=8,
            language_model_rounds=2,
        ),
    )
}
RECIPES: dict[str, Recipe | Article] = {recipe.name: recipe for recipe in _ALL}
