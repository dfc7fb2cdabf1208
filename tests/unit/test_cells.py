"""The three cells against plain float64 textbook loops, and against Keras, timestep by timestep."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from models.nn.cells import GRU, LSTM, Cell, Reading, SimpleRNN
from models.nn.network import RecurrentLayer
from tests.networks import logistic

FEATURES, UNITS = 6, 5
KINDS = ("SimpleRNN", "LSTM", "GRU", "GRU reset before")
GATES = {
    "SimpleRNN": {},
    "LSTM": {"input": (0, 1), "forget": (0, 1), "candidate": (-1, 1), "output": (0, 1)},
    "GRU": {"update": (0, 1), "reset": (0, 1), "candidate": (-1, 1)},
    "GRU reset before": {"update": (0, 1), "reset": (0, 1), "candidate": (-1, 1)},
}


def make(kind: str, seed: int = 0, spread: float = 0.5) -> Cell:
    random = np.random.default_rng(seed)
    gates = {"SimpleRNN": 1, "LSTM": 4}.get(kind, 3)

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, spread, shape).astype(np.float32)

    kernel, recurrent = weights(FEATURES, gates * UNITS), weights(UNITS, gates * UNITS)
    if kind == "SimpleRNN":
        return SimpleRNN(kernel, recurrent, weights(UNITS))
    if kind == "LSTM":
        return LSTM(kernel, recurrent, weights(4 * UNITS))
    after = kind == "GRU"
    return GRU(kernel, recurrent, weights(2, 3 * UNITS) if after else weights(3 * UNITS), after)


def make_inputs(timesteps: int, reviews: int = 1, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (timesteps, reviews, FEATURES)).astype(np.float32)


# The reference: one review, one timestep at a time, float64, straight from the equations.


@dataclass
class Textbook:
    hidden: list[np.ndarray] = field(default_factory=list)
    cell: list[np.ndarray] = field(default_factory=list)
    gates: dict[str, list[np.ndarray]] = field(default_factory=dict)

    def note(self, **gates: np.ndarray) -> None:
        for name, value in gates.items():
            self.gates.setdefault(name, []).append(value)


def columns(weights: np.ndarray, gate: int) -> np.ndarray:
    return weights[..., gate * UNITS : (gate + 1) * UNITS].astype(np.float64)


def textbook(cell: Cell, words: np.ndarray) -> Textbook:
    """Read one review ``(timesteps, features)``."""
    book = Textbook()
    h = c = np.zeros(UNITS)
    w, u, b = cell.kernel, cell.recurrent, cell.bias
    for x in words.astype(np.float64):
        if isinstance(cell, SimpleRNN):
            h = np.tanh(x @ columns(w, 0) + h @ columns(u, 0) + columns(b, 0))
        elif isinstance(cell, LSTM):
            ahead = [x @ columns(w, gate) + h @ columns(u, gate) + columns(b, gate) for gate in range(4)]
            i, f, g, o = logistic(ahead[0]), logistic(ahead[1]), np.tanh(ahead[2]), logistic(ahead[3])
            c = f * c + i * g
            h = o * np.tanh(c)
            book.cell.append(c)
            book.note(input=i, forget=f, candidate=g, output=o)
        else:
            b_in, b_back = (b[0], b[1]) if cell.reset_after else (b, np.zeros(3 * UNITS))
            z, r = (
                logistic(x @ columns(w, k) + columns(b_in, k) + h @ columns(u, k) + columns(b_back, k)) for k in (0, 1)
            )
            if cell.reset_after:
                g = np.tanh(x @ columns(w, 2) + columns(b_in, 2) + r * (h @ columns(u, 2) + columns(b_back, 2)))
            else:
                g = np.tanh(x @ columns(w, 2) + columns(b_in, 2) + (r * h) @ columns(u, 2))
            h = z * h + (1 - z) * g
            book.note(update=z, reset=r, candidate=g)
        book.hidden.append(h)
    return book


def close(actual: np.ndarray, expected: object, atol: float = 1e-5) -> None:
    np.testing.assert_allclose(actual, np.asarray(expected), rtol=0, atol=atol)


def everything(reading: Reading) -> dict[str, np.ndarray]:
    arrays = {"hidden_states": reading.hidden_states, **reading.gates}
    return arrays if reading.cell_states is None else {**arrays, "cell_states": reading.cell_states}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("timesteps", [1, 2, 60])
def test_states_and_gates_are_those_of_the_equations(kind: str, timesteps: int) -> None:
    cell, inputs = make(kind), make_inputs(timesteps)
    reading, book = cell.read(inputs, np.array([timesteps])), textbook(cell, inputs[:, 0])
    assert cell.units == UNITS
    assert reading.hidden_states.shape == (timesteps, 1, UNITS)
    close(reading.hidden_states[:, 0], book.hidden)
    assert (reading.cell_states is not None) == (kind == "LSTM")
    if reading.cell_states is not None:
        close(reading.cell_states[:, 0], book.cell)
    assert list(reading.gates) == list(GATES[kind])
    for name, values in reading.gates.items():
        close(values[:, 0], book.gates[name])
    assert {array.dtype for array in everything(reading).values()} == {np.dtype(np.float32)}


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_states_are_those_of_keras_at_every_timestep(kind: str) -> None:
    keras = pytest.importorskip("keras")
    cell, timesteps, reviews = make(kind, seed=3), 9, 4
    inputs = make_inputs(timesteps, reviews, seed=4)
    options = {"reset_after": cell.reset_after} if isinstance(cell, GRU) else {}
    layer = getattr(keras.layers, kind.split()[0])(UNITS, return_sequences=True, return_state=True, **options)
    by_review = np.ascontiguousarray(inputs.transpose(1, 0, 2))
    layer.build(by_review.shape)
    layer.set_weights([cell.kernel, cell.recurrent, cell.bias])
    reading = cell.read(inputs, np.full(reviews, timesteps))
    close(reading.hidden_states.transpose(1, 0, 2), layer(by_review)[0])
    if isinstance(cell, LSTM):
        assert reading.cell_states is not None
        for t in range(timesteps):
            _, hidden, cell_state = layer(by_review[:, : t + 1])
            close(reading.hidden_states[t], hidden)
            close(reading.cell_states[t], cell_state)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [(7,), (7, 7), (9, 5, 5, 1), (12, 11, 3, 2, 1, 1)])
@pytest.mark.parametrize("backward", [False, True])
def test_a_review_is_read_in_a_batch_as_alone(kind: str, lengths: tuple[int, ...], backward: bool) -> None:
    cell, inputs = make(kind, seed=5), make_inputs(lengths[0], len(lengths), seed=6)
    read = (lambda x, n: RecurrentLayer(cell, cell).read(x, n)[1]) if backward else cell.read
    together = everything(read(inputs, np.array(lengths)))
    for review, length in enumerate(lengths):
        alone = everything(read(inputs[:length, review : review + 1], np.array([length])))
        assert together.keys() == alone.keys()
        for name, values in together.items():
            close(values[:length, review], alone[name][:, 0], 1e-6)
            assert not values[length:, review].any(), f"{name} is zero after a review's end"


@pytest.mark.parametrize("kind", KINDS)
def test_the_padding_is_not_looked_at(kind: str) -> None:
    cell, inputs, lengths = make(kind), make_inputs(8, 3), np.array([8, 4, 2])
    before = everything(cell.read(inputs, lengths))
    for review, length in enumerate(lengths):
        inputs[length:, review] = np.nan
    after = everything(cell.read(inputs, lengths))
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])


@pytest.mark.parametrize("kind", KINDS)
def test_reading_backward_is_reading_the_reversed_review(kind: str) -> None:
    cell, inputs = make(kind), make_inputs(11)
    backward = everything(RecurrentLayer(cell, cell).read(inputs, np.array([11]))[1])
    turned = everything(cell.read(inputs[::-1].copy(), np.array([11])))
    for name, values in backward.items():
        close(values[::-1], turned[name], 1e-6)
    first = textbook(cell, inputs[-1:, 0])
    close(backward["hidden_states"][-1, 0], first.hidden[0])


@pytest.mark.parametrize("kind", KINDS)
def test_gates_and_states_stay_in_their_ranges(kind: str) -> None:
    """Also with weights so large that every gate is fully open or shut."""
    cell = make(kind, spread=50)
    reading = cell.read(make_inputs(40, 3), np.array([40, 30, 20]))
    for name, (low, high) in GATES[kind].items():
        assert reading.gates[name].min() >= low and reading.gates[name].max() <= high
    assert np.abs(reading.hidden_states).max() <= 1
    assert all(np.isfinite(values).all() for values in everything(reading).values())
    if reading.cell_states is not None:
        assert np.abs(reading.cell_states).max() > 1, "the cell state is not squashed"


@pytest.mark.parametrize("kind", KINDS)
def test_reading_changes_neither_inputs_nor_weights(kind: str) -> None:
    cell, inputs, lengths = make(kind), make_inputs(10, 2), np.array([10, 6])
    kept = [inputs.copy(), cell.kernel.copy(), cell.recurrent.copy(), cell.bias.copy()]
    once = everything(cell.read(inputs, lengths))
    twice = everything(cell.read(inputs, lengths))
    for before, now in zip(kept, (inputs, cell.kernel, cell.recurrent, cell.bias), strict=True):
        np.testing.assert_array_equal(before, now)
    for name, values in once.items():
        np.testing.assert_array_equal(values, twice[name])
