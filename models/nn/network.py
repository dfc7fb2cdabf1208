"""A saved network as arrays: embedding, recurrent layers, readout, read straight from ``model.keras``.

The file is a zip with the architecture as JSON and the weights as HDF5 (``layers/<name>/…/vars/<n>``). No Keras is
needed to read it, and nothing in it is executed.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from models import limited
from models.nn.cells import GRU, LSTM, Cell, Reading, SimpleRNN
from models.nn.recurrence import turned, turned_round

Array = np.ndarray
Rows = tuple[Array, Array | None]

# What a readout may see, in words.
POOLED = {"last": "the last state", "mean": "the mean of all states", "max": "the largest value that each unit had"}


@dataclass(frozen=True, slots=True)
class RecurrentLayer:
    """One layer of the stack: a forward cell and, if bidirectional, a backward one whose states stand after it."""

    forward: Cell
    backward: Cell | None = None

    def read(self, inputs: Array, lengths: Array) -> tuple[Reading, Reading | None]:
        """Read ``inputs`` (timesteps, reviews, features) once per direction."""
        backward = None
        if self.backward is not None:
            backward = turned(self.backward.read(turned_round(inputs, lengths), lengths), lengths)
        return self.forward.read(inputs, lengths), backward

    def project(self, inputs: Array) -> Rows:
        """What each direction's cell makes of word vectors (words, features) before it has read anything."""
        return self.forward.project(inputs), None if self.backward is None else self.backward.project(inputs)

    def read_rows(self, rows: Rows, places: Array, lengths: Array) -> tuple[Reading, Reading | None]:
        """``read`` from ``rows[…][places]``."""
        backward = None
        if self.backward is not None and rows[1] is not None:
            backward = turned(self.backward.read_rows(rows[1][turned_round(places, lengths)], lengths), lengths)
        return self.forward.read_rows(rows[0][places], lengths), backward

    def finish(self, rows: Rows, places: Array, lengths: Array, pooling: tuple[str, ...]) -> Array:
        """What a readout sees in the end, (reviews, len(pooling) · units), of ``rows[…][places]``; nothing is kept."""
        forward = self.forward.finish(rows[0], places, lengths, pooling)
        if self.backward is None or rows[1] is None:
            return np.concatenate(forward, -1)
        backward = self.backward.finish(rows[1], turned_round(places, lengths), lengths, pooling)
        return np.concatenate([part for both in zip(forward, backward, strict=True) for part in both], -1)

    @property
    def units(self) -> int:
        """Size of what the next layer sees."""
        return self.forward.units + (self.backward.units if self.backward else 0)


@dataclass(frozen=True, slots=True)
class Network:
    """Everything needed to read a review.

    Attributes:
        embedding: (vocabulary, embedding) word vectors.
        layers: recurrent layers, input side first.
        pooling: what of the last layer's states the readout sees, side by side: "last", "mean", "max".
        weights: (len(pooling) · units,) of the output layer; with a hidden layer, (its size,).
        bias: of the output layer.
        hidden: kernel (len(pooling) · units, size) and bias (size,) of a relu layer before the output, if there is one.
        padded_to: every review is filled up to so many timesteps with padding *in front*, which the network reads like
            words, for want of a mask; 0 where padding is not read.
    """

    embedding: Array
    layers: tuple[RecurrentLayer, ...]
    pooling: tuple[str, ...]
    weights: Array
    bias: float
    hidden: tuple[Array, Array] | None = None
    padded_to: int = 0

    @property
    def streams(self) -> bool:
        """Whether there is a prediction after every word: no layer reads from the end."""
        return all(layer.backward is None for layer in self.layers)

    def block(self, kind: str) -> slice:
        """The places of one kind of pooling in what the readout sees."""
        size = self.layers[-1].units
        place = self.pooling.index(kind)
        return slice(place * size, (place + 1) * size)

    def read(self, ids: Array, lengths: Array) -> list[tuple[Reading, Reading | None]]:
        """Read a batch: ``ids`` (timesteps, reviews) int, ``lengths`` (reviews,), longest first; one entry a layer."""
        # Every word is looked up and projected once, however often it stands there.
        words, places = np.unique(ids, return_inverse=True)
        rows = self.layers[0].project(self.embedding[words])
        readings = [self.layers[0].read_rows(rows, places.reshape(ids.shape), lengths)]
        return readings + self.read_vectors(joined(readings[0]), lengths, 1)

    def read_vectors(self, inputs: Array, lengths: Array, first: int = 0) -> list[tuple[Reading, Reading | None]]:
        """``read`` from what layer ``first`` sees, (timesteps, reviews, features): word vectors, also of no word."""
        readings = []
        for layer in self.layers[first:]:
            readings.append(layer.read(inputs, lengths))
            inputs = joined(readings[-1])
        return readings

    def verdicts(self, rows: Rows, places: Array, lengths: Array) -> Array:
        """(reviews,) logits, as ``final_logits`` has them of a whole reading, several times faster.

        Args:
            rows: ``layers[0].project`` of the vectors of any words.
            places: (timesteps, reviews) int, the row of every word read.
            lengths: (reviews,), longest first.
        """
        for lower, upper in pairwise(self.layers):
            states = joined(lower.read_rows(rows, places, lengths))
            rows = upper.project(states.reshape(-1, states.shape[-1]))
            places = np.arange(places.size).reshape(places.shape)
        return self.logits(self.layers[-1].finish(rows, places, lengths, self.pooling))

    def final_logits(self, top: tuple[Reading, Reading | None], lengths: Array) -> Array:
        """(reviews,) logits of the verdict, from the top layer's readings."""
        return self.logits(self.pooled(top, lengths))

    def pooled(self, top: tuple[Reading, Reading | None], lengths: Array) -> Array:
        """What the readout sees of the top layer's readings, (reviews, len(pooling) · units)."""
        states, last = joined(top), lengths - 1
        reviews = np.arange(states.shape[1])
        forward = self.layers[-1].forward.units
        parts = []
        for kind in self.pooling:
            if kind == "last":
                parts += [states[last, reviews, :forward], states[0, :, forward:]]
            elif kind == "mean":
                parts.append(states.sum(0) / lengths[:, None])
            else:
                real = np.arange(states.shape[0])[:, None] < lengths
                parts.append((states if real.all() else np.where(real[..., None], states, -np.inf)).max(0))
        return np.concatenate(parts, -1, dtype=np.float32)

    def logits(self, pooled: Array) -> Array:
        """The readout: (n, len(pooling) · units) → (n,) logits."""
        if self.hidden is not None:
            kernel, bias = self.hidden
            pooled = np.maximum(pooled @ kernel + bias, 0)
        return np.asarray(pooled @ self.weights + np.float32(self.bias))

    def slopes(self, pooled: Array) -> Array:
        """∂logit/∂ what the readout sees: (n, len(pooling) · units), or (1, …) where it is everywhere the same."""
        if self.hidden is None:
            return self.weights[None]
        kernel, bias = self.hidden
        return np.asarray((self.weights * (pooled @ kernel + bias > 0)) @ kernel.T)

    def linear_at(self, pooled: Array) -> Network:
        """The network with the straight readout that this one is around ``pooled`` (1, …): itself, if it has no relu.

        A relu layer is linear as long as no unit changes sides, so logit and gradient there are exactly the same.
        """
        if self.hidden is None:
            return self
        weights = self.slopes(pooled)[0]
        return replace(self, weights=weights, bias=float(self.logits(pooled)[0] - pooled[0] @ weights), hidden=None)


def joined(reading: tuple[Reading, Reading | None]) -> Array:
    """The states of both directions side by side, as the next layer sees them."""
    forward, backward = reading
    if backward is None:
        return forward.hidden_states
    return np.concatenate([forward.hidden_states, backward.hidden_states], -1)


def load(path: Path, weights: Path | None = None) -> Network:
    """Read a network from a ``.keras`` file, or with its architecture the weights of a ``.weights.h5`` file.

    Raises:
        OSError, ValueError, KeyError, zipfile.BadZipFile: if it is missing, damaged, too large or not of our kind.
    """
    import h5py

    limited.regular(path)
    with zipfile.ZipFile(path) as archive:
        config = json.loads(limited.member(archive, "config.json", limited.MOST_TEXT))
        source = weights or io.BytesIO(limited.member(archive, "model.weights.h5", limited.MOST_NETWORK))
        with h5py.File(source, "r") as file:
            try:
                return _assemble(config["config"]["layers"], limited.group(file, "layers"))
            except (TypeError, AttributeError, IndexError) as error:
                raise ValueError("config.json does not describe a network") from error


# Layers that change nothing once training is over, and the mask that lengths stand for: they need not be read.
_PASSED_OVER = ("InputLayer", "SpatialDropout1D", "Dropout", "NotEqual", "GetItem")


def _assemble(configs: list[dict[str, Any]], saved: Any) -> Network:
    embedding: Array | None = None
    layers: list[RecurrentLayer] = []
    pooling: tuple[str, ...] = ("last",)
    readout: list[Array] = []
    hidden: tuple[Array, Array] | None = None
    padded_to, masked = 0, False
    gives_all_states = False
    seen: dict[str, int] = {}
    for layer in configs:
        kind, config = layer["class_name"], layer["config"]
        place = seen.get(kind, 0)
        seen[kind] = place + 1
        group_name = snake(kind) + (f"_{place}" if place else "")
        if kind == "Embedding":
            embedding, masked = _arrays(limited.group(saved, group_name))[0], bool(config["mask_zero"])
        elif kind in ("SimpleRNN", "LSTM", "GRU"):
            layers.append(RecurrentLayer(_cell(kind, config, limited.group(saved, group_name))))
        elif kind == "Bidirectional":
            if config["merge_mode"] != "concat":
                raise ValueError("only directions side by side can be read")
            inner, group = config["layer"], limited.group(saved, group_name)
            gives_all_states = bool(inner["config"]["return_sequences"])
            directions = [
                _cell(inner["class_name"], inner["config"], limited.group(group, f"{d}_layer")) for d in _DIRECTIONS
            ]
            layers.append(RecurrentLayer(*directions))
        elif kind == "RunningPool":
            pooling = tuple(config["pooling"])
        elif kind == "PadInFront":
            padded_to = int(config["timesteps"])
        elif kind == "Dense" and not readout and hidden is None and config["activation"] == "relu":
            kernel, bias_of_hidden = _arrays(limited.group(saved, group_name))
            hidden = (kernel, bias_of_hidden)
        elif kind == "Dense" and not readout and config["activation"] in ("linear", "sigmoid"):
            readout = _arrays(limited.group(saved, group_name))
        elif kind not in _PASSED_OVER and not (kind == "Activation" and config["activation"] == "sigmoid"):
            raise ValueError(f"a layer of this kind or in this place cannot be read: {kind}")
    if embedding is None or not layers or len(readout) != 2 or readout[0].shape[1] != 1:
        raise ValueError("not a network of embedding, recurrent layers and one output")
    if layers[-1].backward is not None and "last" in pooling and gives_all_states:
        # "Last" would be the backward state after one word, and after none at all in a padded batch.
        raise ValueError("the last of all states of a layer that reads from both ends says nothing")
    if padded_to and masked:
        raise ValueError("padding in front is read, or masked, but not both")
    weights, bias = readout[0][:, 0].copy(), float(readout[1][0])
    seen_by_readout = (weights if hidden is None else hidden[0]).shape[0]
    if seen_by_readout != len(pooling) * layers[-1].units or (hidden and hidden[0].shape[1] != len(weights)):
        raise ValueError("the output layer does not fit the recurrent layer")
    return Network(embedding, tuple(layers), pooling, weights, bias, hidden, padded_to)


_DIRECTIONS = ("forward", "backward")
_MOST_VARIABLES = 8


def _cell(kind: str, config: dict[str, Any], group: Any) -> Cell:
    if config["activation"] != "tanh" or config.get("recurrent_activation", "sigmoid") != "sigmoid":
        raise ValueError("only the usual activations can be read")
    if config["go_backwards"]:
        raise ValueError("a single layer that reads from the end cannot be read")
    kernel, recurrent, bias = _arrays(limited.group(group, "cell"))
    if kind == "GRU":
        return GRU(kernel, recurrent, bias, config["reset_after"])
    return (LSTM if kind == "LSTM" else SimpleRNN)(kernel, recurrent, bias)


def _arrays(group: Any) -> list[Array]:
    variables = limited.group(group, "vars")
    if len(variables) > _MOST_VARIABLES:
        raise ValueError("a layer has more weights than any that can be read")
    return [limited.weights(limited.group(variables, str(i))) for i in range(len(variables))]


def snake(name: str) -> str:
    """Keras's file name of a layer class: ``SimpleRNN`` → ``simple_rnn``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
