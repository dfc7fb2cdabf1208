"""From a file's configuration and weights to a plan: which layers, in which order, ending in which output."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from models import settings
from models.errors import ForeignNetworkError
from models.foreign import line
from models.foreign.safe_file import RawNetwork
from models.foreign.stages import Plan, Pointwise, Recurrent, Reduce, Stage
from models.foreign.table import Reader, misfit, refuse_packed
from models.foreign.weights import Weights, weights_of
from models.wording import counted

Array = np.ndarray
Leaf = tuple[line.Entry, Weights]


def plan(raw: RawNetwork) -> Plan:
    """The network of a file.

    Raises:
        ForeignNetworkError: naming the first thing that cannot be read.
    """
    try:
        return _plan(raw)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        if isinstance(error, ForeignNetworkError):
            raise
        raise ForeignNetworkError("The network's configuration is damaged: a setting of a layer is missing.") from error


def _plan(raw: RawNetwork) -> Plan:
    most_layers, most_timesteps = settings.value("network_layers"), settings.value("network_timesteps")
    leaves = _flat(raw.config, weights_of(raw), 0)
    if len(leaves) > 8 * most_layers:
        raise ForeignNetworkError(f"The network has {len(leaves):,} layers, too many to be read here.")
    keras2 = raw.keras_version.startswith("2") or (raw.layout == "h5" and not raw.keras_version.startswith("3"))
    timesteps: int | None = None
    vectorization = None
    while leaves and leaves[0][0]["class_name"] in ("InputLayer", "TextVectorization"):
        entry, _ = leaves.pop(0)
        timesteps = _length(entry["config"]) or timesteps
        if entry["class_name"] == "TextVectorization":
            vectorization = (dict(entry["config"]), _words(raw))
            length = entry["config"].get("output_sequence_length")
            timesteps = length if isinstance(length, int) else None
    if not leaves or leaves[0][0]["class_name"] != "Embedding":
        first = f"“{_shown_name(leaves[0][0])}”, {leaves[0][0]['class_name'][:60]}" if leaves else "nothing"
        raise ForeignNetworkError(
            f"The network begins with {first}: Unrolled reads networks that begin with an Embedding of words."
        )
    entry, weights = leaves.pop(0)
    config = entry["config"]
    embedding = _embedding(config, weights, _shown_name(entry))
    timesteps = timesteps or _length(config)
    summary = [(_shown_name(entry), "Embedding", embedding.size)]
    reader = Reader(embedding.shape[1], keras2, timesteps)
    stages: list[Stage] = []
    for entry, weights in leaves:
        kind, name = entry["class_name"], _shown_name(entry)
        stage = reader.stage(kind, name, entry["config"], weights)
        summary.append((name, kind, reader.parameters))
        if stage is not None:
            stages.append(stage)
    recurrent = [stage for stage in stages if isinstance(stage, Recurrent)]
    if not recurrent:
        raise ForeignNetworkError("The network has no recurrent layer: there is nothing to watch while it reads.")
    if len(recurrent) > most_layers:
        raise ForeignNetworkError(f"The network has {len(recurrent)} recurrent layers; {most_layers} are read here.")
    if reader.sequence:
        raise ForeignNetworkError(
            "The network ends in one output for every word: Unrolled reads one for all of a text."
        )
    ended, ending = _ended(stages, reader.features)
    if reader.timesteps is not None and reader.timesteps > most_timesteps:
        raise ForeignNetworkError(
            f"The network takes {reader.timesteps:,} timesteps; up to {most_timesteps:,} are read here."
        )
    # A sum is not finite where one of its numbers is not; in double precision nothing overflows.
    if not all(math.isfinite(np.abs(array).sum(dtype=np.float64)) for _, array in raw.arrays):
        raise ForeignNetworkError("A weight of the network is not a number (NaN or infinite): its training failed.")
    return Plan(
        embedding,
        bool(config.get("mask_zero")),
        tuple(ended),
        ending,
        reader.timesteps,
        vectorization,
        tuple(summary),
        raw,
    )


def _flat(config: Any, weights: Weights, depth: int) -> list[Leaf]:
    """All layers in order; those of a network inside the network stand where it stands."""
    if depth > 4:
        raise ForeignNetworkError("The network has networks in networks, too deeply to be read here.")
    found: list[Leaf] = []
    for entry in line.layers(config):
        inside = weights.inside(entry["class_name"], line.name_of(entry))
        if entry["class_name"] in line.NETWORKS:
            found += [leaf for leaf in _flat(entry, inside, depth + 1) if leaf[0]["class_name"] != "InputLayer"]
        else:
            found.append((entry, inside))
    return found


def _shown_name(entry: line.Entry) -> str:
    return line.name_of(entry)[:60]


def _length(config: dict[str, Any]) -> int | None:
    """The number of timesteps that a layer's description fixes."""
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    length = shape[1] if isinstance(shape, list) and len(shape) == 2 else config.get("input_length")
    length = length[0] if isinstance(length, list) and len(length) == 1 else length
    return length if isinstance(length, int) and not isinstance(length, bool) and length > 1 else None


def _embedding(config: dict[str, Any], weights: Weights, name: str) -> Array:
    refuse_packed(config, name)
    table: Array = weights.take(1)[0]
    if table.ndim != 2 or list(table.shape) != [config.get("input_dim"), config.get("output_dim")]:
        raise misfit(name)
    words, units = settings.value("network_words"), settings.value("network_units")
    if table.shape[0] > words + 1_000 or not 1 <= table.shape[1] <= units:
        raise ForeignNetworkError(
            f"“{name}” is {table.shape[0]:,} × {table.shape[1]:,}; up to {words:,} words of {units:,} numbers are "
            "read here."
        )
    return table


def _words(raw: RawNetwork) -> list[str] | None:
    """The words that the file keeps beside the weights; some versions of Keras write them there twice."""
    texts = set(raw.vocabularies.values())
    return texts.pop().split("\n") if len(texts) == 1 else None


def _ended(stages: list[Stage], features: int) -> tuple[list[Stage], str]:
    """The stages up to the logit, with the final activation taken off.

    A softmax of two becomes one logit, the second's minus the first's: the probability is the same.
    """
    stages = list(stages)
    last = stages.pop() if stages else None
    activation = "linear"
    if isinstance(last, Pointwise) and last.kind.startswith("Activation "):
        activation = last.kind.removeprefix("Activation ")
        last = stages.pop() if stages else None
    if not isinstance(last, Pointwise) or last.dense is None:
        what = last.name if isinstance(last, Pointwise | Reduce | Recurrent) else "nothing"
        raise ForeignNetworkError(f"The network ends in “{what}”: Unrolled reads one that ends in a Dense layer.")
    kernel, bias, own = last.dense
    if own != "linear" and activation != "linear":
        raise ForeignNetworkError(f"“{last.name}” has two activations, one after the other.")
    ending = own if own != "linear" else activation
    if features > 2 or (features == 2 and ending == "sigmoid"):
        raise ForeignNetworkError(
            f"The network tells {features:,} classes apart: Unrolled reads yes/no networks, with one output or a "
            "softmax of two."
        )
    if (features, ending) not in ((1, "sigmoid"), (1, "linear"), (2, "softmax"), (2, "linear")):
        raise ForeignNetworkError(
            f"The network ends in {counted(features, 'output')} with {ending}: Unrolled reads one "
            "sigmoid, one logit, or a softmax of two."
        )
    if features == 2:
        kernel, bias = kernel[:, 1:] - kernel[:, :1], bias[1:] - bias[:1]
    straight = Pointwise(
        last.name, "Dense", lambda x: np.asarray(x @ kernel + bias, np.float32), (kernel, bias, "linear")
    )
    return [*stages, straight], {"linear": "logit"}.get(ending, ending)
