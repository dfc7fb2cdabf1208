"""The layers that can be read: a fixed table of ours. A class that is not in it is refused by name, never imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from models import settings
from models.errors import ForeignNetworkError
from models.foreign import activations, line
from models.foreign.cells import GeneralCell
from models.foreign.stages import Masking, Merge, Pointwise, Recurrent, Reduce, Stage
from models.foreign.weights import Weights

Array = np.ndarray
Config = Mapping[str, Any]

# Layers that do nothing when a trained network reads.
SILENT = {
    "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout",
    "ActivityRegularization",
}  # fmt: skip
CELLS = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3, "CuDNNLSTM": 4, "CuDNNGRU": 3}
_CELL_CLASSES = {"SimpleRNNCell": "SimpleRNN", "LSTMCell": "LSTM", "GRUCell": "GRU"}
_GLOBAL = {
    "GlobalMaxPooling1D": "max", "GlobalMaxPool1D": "max", "GlobalAveragePooling1D": "mean",
    "GlobalAveragePool1D": "mean",
}  # fmt: skip


class Reader:
    """Turns one layer after another into a stage; knows how many features have arrived so far."""

    def __init__(self, features: int, keras2: bool, timesteps: int | None) -> None:
        self.features, self.keras2, self.timesteps = features, keras2, timesteps
        self.sequence = True  # whether there are still timesteps
        self.parameters = 0

    def stage(self, kind: str, name: str, config: Config, weights: Weights) -> Stage | None:
        """One layer as a stage; None where it does nothing.

        Raises:
            ForeignNetworkError: if it is not in the table, or stands in a place where it makes no sense.
        """
        self.parameters = 0
        if kind in SILENT:
            return None
        if kind in CELLS or kind in ("RNN", "Bidirectional"):
            return self._recurrent(kind, name, config, weights)
        if kind in _GLOBAL or kind == "Flatten":
            return self._reduce(kind, name, config)
        if kind == "Dense":
            return self._dense(name, config, weights)
        if kind == "BatchNormalization":
            return self._batch_normalization(name, config, weights)
        if kind == "LayerNormalization":
            return self._layer_normalization(name, config, weights)
        if kind == "TimeDistributed":
            return self._time_distributed(name, config, weights)
        if kind == "Activation":
            return self._activation(name, config)
        if kind in activations.LAYERS:
            label, function = activations.layer(kind, config)
            return Pointwise(name, f"Activation {label}", function)
        if kind == "Masking" and self.sequence:
            return Masking(name, float(config.get("mask_value", 0.0)))
        article = "an" if kind[:1] in "AEIOU" else "a"
        raise ForeignNetworkError(
            f"“{name}” is {article} {kind[:60]} layer: Unrolled can read recurrent layers one after another, not this."
        )

    def _activation(self, name: str, config: Config) -> Pointwise:
        label, function = activations.named(config.get("activation"), self.keras2, name)
        return Pointwise(name, f"Activation {label}", function)

    def _arrays(self, weights: Weights, shapes: list[tuple[int, ...]], name: str, place: str = "") -> list[Array]:
        arrays = weights.take(len(shapes), place)
        for array, shape in zip(arrays, shapes, strict=True):
            if array.shape != shape:
                raise misfit(name)
            self.parameters += array.size
        return arrays

    def _recurrent(self, kind: str, name: str, config: Config, weights: Weights) -> Recurrent:
        self._needs_sequence(name)
        if kind != "Bidirectional":
            cell = self._cell(kind, name, config, weights, "cell")
            stage = Recurrent(
                name, cell, None, (bool(config.get("go_backwards")), True), sequences=bool(config["return_sequences"])
            )
        else:
            merge = config.get("merge_mode", "concat")
            if merge not in ("concat", "sum", "mul", "ave"):
                raise ForeignNetworkError(f"“{name}” leaves its two directions apart: Unrolled reads one line.")
            inner = _inner(config.get("layer"), name)
            other = _inner(config["backward_layer"], name) if config.get("backward_layer") else inner
            kinds = (inner["class_name"], other["class_name"])
            if any(kind not in CELLS and kind != "RNN" for kind in kinds):
                raise ForeignNetworkError(f"“{name}” has no recurrent layer in it that Unrolled can read.")
            cells = [
                self._cell(one["class_name"], name, one["config"], weights, f"{direction}_layer/cell")
                for one, direction in zip((inner, other), ("forward", "backward"), strict=True)
            ]
            first = bool(inner["config"].get("go_backwards"))
            second = bool(other["config"].get("go_backwards")) if other is not inner else not first
            every = bool(inner["config"]["return_sequences"])
            stage = Recurrent(name, cells[0], cells[1], (first, second), cast(Merge, merge), every)
            if merge != "concat" and cells[0].units != cells[1].units:
                raise misfit(name)
        self.features, self.sequence = stage.features, stage.sequences
        return stage

    def _cell(self, kind: str, name: str, config: Config, weights: Weights, place: str) -> GeneralCell:
        for setting in ("return_state", "stateful", "time_major"):
            if config.get(setting):
                raise ForeignNetworkError(f"“{name}” has {setting}=True, which Unrolled cannot read.")
        fast = kind.startswith("CuDNN")
        if kind == "RNN":
            cell = _inner(config.get("cell"), name)
            if cell["class_name"] not in _CELL_CLASSES:
                raise ForeignNetworkError(f"“{name}” walks with a cell of its own, {cell['class_name'][:60]}.")
            kind, config = _CELL_CLASSES[cell["class_name"]], cell["config"]
        kind = kind.removeprefix("CuDNN")
        units, gates = self._size(config.get("units"), name), CELLS[kind]
        after = fast or bool(config.get("reset_after", not self.keras2)) if kind == "GRU" else False
        squash = activations.named(config.get("activation", "tanh"), self.keras2, name)
        gate = activations.named(config.get("recurrent_activation", "sigmoid"), self.keras2, name)
        shapes: list[tuple[int, ...]] = [(self.features, gates * units), (units, gates * units)]
        bias_shape = (2, gates * units) if after else (gates * units,)
        if fast:
            shapes.append((2 * gates * units,))
        elif config.get("use_bias", True):
            shapes.append(bias_shape)
        arrays = self._arrays(weights, shapes, name, place)
        if fast:
            arrays = _from_cudnn(arrays, gates)
        kernel, recurrent = arrays[:2]
        bias = arrays[2] if len(arrays) > 2 else np.zeros(bias_shape, np.float32)
        return GeneralCell(kind, kernel, recurrent, bias, (squash[0], gate[0]), squash[1], gate[1], after)

    def _reduce(self, kind: str, name: str, config: Config) -> Stage | None:
        if kind == "Flatten" and not self.sequence:
            return None
        self._needs_sequence(name)
        if config.get("data_format", "channels_last") == "channels_first" or config.get("keepdims"):
            raise ForeignNetworkError(f"“{name}” pools in an order that Unrolled cannot read.")
        self.sequence = False
        if kind != "Flatten":
            return Reduce(name, "max" if _GLOBAL[kind] == "max" else "mean")
        self.flattened = self.features
        self.features = self.features * self.timesteps if self.timesteps else 0
        return Reduce(name, "flatten")

    def _dense(self, name: str, config: Config, weights: Weights, place: str = "") -> Pointwise:
        units = self._size(config.get("units"), name)
        label, function = activations.named(config.get("activation", "linear"), self.keras2, name)
        refuse_packed(config, name)
        if self.features == 0:  # after Flatten of a length that the file does not tell: the kernel does
            taken = weights.take(1 + bool(config.get("use_bias", True)), place)
            rows = taken[0].shape[0] if taken[0].ndim == 2 else 0
            if rows < 1 or rows % self.flattened or taken[0].shape[1] != units:
                raise misfit(name)
            self.timesteps, self.parameters = rows // self.flattened, sum(array.size for array in taken)
            arrays = taken
        else:
            shapes: list[tuple[int, ...]] = [(self.features, units)]
            arrays = self._arrays(weights, shapes + [(units,)] * bool(config.get("use_bias", True)), name, place)
        kernel = arrays[0]
        bias = arrays[1] if len(arrays) > 1 else np.zeros(units, np.float32)
        if bias.shape != (units,):
            raise misfit(name)
        self.features = units
        return Pointwise(
            name, "Dense", lambda x: function(np.asarray(x @ kernel + bias, np.float32)), (kernel, bias, label)
        )

    def _time_distributed(self, name: str, config: Config, weights: Weights) -> Stage:
        self._needs_sequence(name)
        inner = _inner(config.get("layer"), name)
        if inner["class_name"] == "Dense":
            return self._dense(name, inner["config"], weights, "layer")
        if inner["class_name"] in SILENT:
            return Pointwise(name, "nothing", activations.linear)
        if inner["class_name"] == "Activation":
            return self._activation(name, inner["config"])
        raise ForeignNetworkError(f"“{name}” repeats a layer that Unrolled cannot read at every timestep.")

    def _batch_normalization(self, name: str, config: Config, weights: Weights) -> Pointwise:
        self._last_axis(name, config)
        gamma, beta, mean, variance = self._normalizing(name, config, weights, 2)
        factor = gamma / np.sqrt(variance + np.float32(config.get("epsilon", 1e-3)))
        return Pointwise(name, "BatchNormalization", lambda x: np.asarray((x - mean) * factor + beta, np.float32))

    def _layer_normalization(self, name: str, config: Config, weights: Weights) -> Pointwise:
        self._last_axis(name, config)
        if config.get("rms_scaling"):
            raise ForeignNetworkError(f"“{name}” scales by the root mean square, which Unrolled cannot read.")
        gamma, beta = self._normalizing(name, config, weights, 0)
        epsilon = float(config.get("epsilon", 1e-3))

        def normalize(x: Array) -> Array:
            mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
            return np.asarray((x - mean) / np.sqrt(variance + epsilon) * gamma + beta, np.float32)

        return Pointwise(name, "LayerNormalization", normalize)

    def _normalizing(self, name: str, config: Config, weights: Weights, more: int) -> list[Array]:
        """Scale and centre, 1 and 0 where a layer has none, and so many arrays behind them."""
        there = [bool(config.get(setting, True)) for setting in ("scale", "center")]
        arrays = self._arrays(weights, [(self.features,)] * (sum(there) + more), name)
        usual = (np.ones(self.features, np.float32), np.zeros(self.features, np.float32))
        return [arrays.pop(0) if own else values for own, values in zip(there, usual, strict=True)] + arrays

    def _last_axis(self, name: str, config: Config) -> None:
        axis = config.get("axis", -1)
        axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
        if axis not in (-1, 2 if self.sequence else 1) or self.features == 0:
            raise ForeignNetworkError(f"“{name}” normalizes along another axis than the features.")

    def _needs_sequence(self, name: str) -> None:
        if not self.sequence:
            raise ForeignNetworkError(f"“{name}” stands where only one vector is left, not one for every word.")

    def _size(self, units: Any, name: str) -> int:
        most = settings.value("network_units")
        if not isinstance(units, int) or isinstance(units, bool) or not 1 <= units <= most:
            raise ForeignNetworkError(f"“{name}” has {str(units)[:20]} units; layers of 1 to {most:,} are read here.")
        return units


def refuse_packed(config: Config, name: str) -> None:
    """Raises ForeignNetworkError if a layer was quantized, or has low-rank adapters beside its weights."""
    if config.get("lora_rank") or config.get("quantization_config"):
        raise ForeignNetworkError(f"The weights of “{name}” are packed in a way that Unrolled cannot read.")


def misfit(name: str) -> ForeignNetworkError:
    """What is said of a layer whose weights are of other shapes than its description's."""
    return ForeignNetworkError(f"The weights of “{name}” do not fit its description.")


def _inner(entry: Any, name: str) -> dict[str, Any]:
    if not line.is_entry(entry):
        raise ForeignNetworkError(f"The configuration of “{name}” is damaged: it has no layer in it.")
    return entry


def _from_cudnn(arrays: list[Array], gates: int) -> list[Array]:
    """Weights of ``CuDNNLSTM`` and ``CuDNNGRU`` in the order of ``LSTM`` and ``GRU``, as Keras 2 turned them."""
    kernel, recurrent, bias = arrays
    kernel = np.hstack([part.T.reshape(part.shape, order="F") for part in np.hsplit(kernel, gates)])
    recurrent = np.hstack([part.T for part in np.hsplit(recurrent, gates)])
    both = bias.reshape(2, -1)
    return [np.ascontiguousarray(kernel), np.ascontiguousarray(recurrent), both.sum(0) if gates == 4 else both]
