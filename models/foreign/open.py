"""From files to a model: network, vocabulary, preparation, card."""

from __future__ import annotations

import copyreg
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models import settings
from models.card import SIDES, ModelCard
from models.errors import ForeignNetworkError
from models.foreign.general import GeneralNetwork
from models.foreign.model import ForeignModel
from models.foreign.plan import plan as planned
from models.foreign.preparation import Preparation
from models.foreign.safe_file import RawNetwork, read_file
from models.foreign.stages import Plan
from models.foreign.usual import as_usual
from models.foreign.vocabulary import ForeignVocabulary
from models.foreign.words import (
    NO_WORDS,
    SAVE_WORDS,
    Words,
    checked,
    from_vectorization,
    read_words,
    vectorization_settings,
)
from models.foreign.work import longest

NEEDS_WORDS = "The network has no vocabulary in it: bring the file that says which word has which id."


def read_plan(source: Path | bytes, name: str = "") -> Plan:
    """The layers of a network's file.

    Raises:
        ForeignNetworkError: if it cannot be read.
    """
    return planned(read_file(source, name))


def words_of(plan: Plan) -> Words | None:
    """The words in the network's own file, None where it has none."""
    if plan.vectorization is None:
        return None
    config, listed = plan.vectorization
    if not listed and not config.get("vocabulary"):
        vectorization_settings(config)  # refused now, before anybody looks for its words
        return None
    return checked(from_vectorization(config, listed))


def of_plan(plan: Plan, words: Words) -> Words:
    """Words from a file of their own, with the settings of the network's TextVectorization, where it has one.

    Raises:
        ForeignNetworkError: if these are not to be had.
    """
    if plan.vectorization is None:
        return words
    preparation, notes = vectorization_settings(plan.vectorization[0])
    return Words(words.kind, words.ids, preparation, notes)


def without_words(plan: Plan) -> tuple[str, str]:
    """Why the vocabulary is needed beside a network, and the line of Python that writes it."""
    if plan.vectorization is not None:
        return NO_WORDS, SAVE_WORDS
    return NEEDS_WORDS, 'open("tokenizer.json", "w").write(tokenizer.to_json())'


def usual_preparation(plan: Plan, words: Words) -> Preparation:
    """What the files say, and where they are silent what is usual: the network's length, ids that it can look up."""
    found = words.preparation
    changes: dict[str, Any] = {}
    rows = len(plan.embedding)
    if found.maxlen is None and plan.timesteps is not None:
        changes["maxlen"] = plan.timesteps
    if found.num_words is None and max(words.ids.values()) + found.offset >= rows:
        changes["num_words"] = rows
    return found.changed(changes)


def assemble(
    plan: Plan,
    words: Words,
    preparation: Preparation,
    *,
    name: str = "yours",
    title: str = "Your network",
    labels: tuple[str, str] = SIDES,
) -> ForeignModel:
    """The model from its parts.

    Raises:
        ForeignNetworkError: if they do not fit each other.
    """
    if plan.timesteps is not None and preparation.maxlen != plan.timesteps:
        raise ForeignNetworkError(f"The network takes exactly {plan.timesteps:,} timesteps: maxlen must be that.")
    most = settings.value("network_timesteps")
    if preparation.maxlen is not None and preparation.maxlen > most:
        raise ForeignNetworkError(f"maxlen is {preparation.maxlen:,}; up to {most:,} timesteps are read here.")
    vocabulary = ForeignVocabulary(words, preparation, len(plan.embedding))
    rows = vocabulary.rows(plan.embedding)
    network = as_usual(plan, rows, preparation) or GeneralNetwork(rows, vocabulary.keras_ids == 0, plan)
    if isinstance(network, GeneralNetwork):
        _try(network, preparation)
    billions = settings.value("network_work")
    readable = longest(plan, not isinstance(network, GeneralNetwork), preparation.maxlen or most, billions)
    if readable < (preparation.maxlen or 1):
        raise ForeignNetworkError(
            f"Reading one text takes more than {billions:,} billion multiplications with it: it is too large, "
            "or its texts too long, to be read here."
        )
    card = _card(plan, vocabulary, name, title, labels, readable)
    return ForeignModel(card, vocabulary, words, network, plan, labels)


def again(
    raw: RawNetwork, words: Words, preparation: Preparation, name: str, title: str, labels: tuple[str, str]
) -> ForeignModel:
    """The model from what it was made from: how it reaches another process of ours."""
    return assemble(planned(raw), words, preparation, name=name, title=title, labels=labels)


def _parts(model: ForeignModel) -> tuple[Any, ...]:
    return again, (model.plan.raw, model.words, model.preparation, model.card.name, model.card.title, model.labels)


copyreg.pickle(ForeignModel, _parts)


def open_network(
    path: str | Path,
    vocabulary: str | Path | None = None,
    preparation: Preparation | Mapping[str, Any] | None = None,
    labels: tuple[str, str] = SIDES,
) -> ForeignModel:
    """Open a Keras network from a ``.keras`` or ``.h5`` file; nothing in it is executed.

    Args:
        path: the network.
        vocabulary: a Tokenizer's JSON, a dictionary of words, the Keras IMDB index, or a text file; not needed where
            the network holds a TextVectorization.
        preparation: settings that differ from what the files say (``models.foreign.preparation.FIELDS``).
        labels: what 0 and 1 mean.

    Raises:
        ForeignNetworkError: with what cannot be read and why.
    """
    path = Path(path)
    plan = read_plan(path)
    beside = None if vocabulary is None else Path(vocabulary)
    words = words_of(plan) if beside is None else of_plan(plan, read_words(beside))
    if words is None:
        raise ForeignNetworkError(*without_words(plan))
    prepared = usual_preparation(plan, words).changed(preparation)
    return assemble(plan, words, prepared, title=path.stem[:60], labels=labels)


def _try(network: GeneralNetwork, preparation: Preparation) -> None:
    """One timestep, so that layers that do not fit each other are found now and not on a page."""
    try:
        with np.errstate(all="ignore"):
            network.run(np.full((preparation.maxlen or 2, 1), 2, np.int32))
    except (ValueError, IndexError) as error:
        raise ForeignNetworkError("The layers of the network do not fit each other.") from error


def _card(
    plan: Plan, vocabulary: ForeignVocabulary, name: str, title: str, labels: tuple[str, str], most: int
) -> ModelCard:
    recurrent, prepared = plan.recurrent, vocabulary.preparation
    top = recurrent[-1]
    if prepared.maxlen is not None and prepared.start_id is not None and prepared.truncating == "post":
        most -= 1
    cut_in_front = prepared.maxlen is not None and prepared.truncating == "pre"
    whole = f"{plan.raw.sha256} {prepared} {len(vocabulary)} {vocabulary.words[2:40]}".encode()
    files = {"model.keras": {"sha256": hashlib.sha256(whole).hexdigest()}}
    return ModelCard(
        name=name,
        title=title,
        family=top.forward.kind,
        order=2_000,
        summary="",
        bidirectional=any(stage.backward is not None for stage in recurrent),
        layers=len(recurrent),
        units=top.forward.units,
        embedding=plan.embedding.shape[1],
        vocabulary=len(vocabulary),
        max_timesteps=max(1, most),
        parameters=plan.parameters,
        test_accuracy=None,
        folder=Path("brought"),
        facts={
            "unread_end": "start" if cut_in_front else "end",
            "brought": True,
            "labels": list(labels),
            "files": files,
        },
    )
