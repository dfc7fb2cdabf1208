"""Keras layers that train faster on processors: a whole sequence is walked in few large steps instead of many small.

Same weights, same mathematics: what they train is loaded into the plain layer,
``plain.load_weights("fused.weights.h5")`` or ``plain.set_weights(fused.get_weights())``. They are called like the plain
layers because Keras names the groups of a weights file after the class.
"""

from __future__ import annotations

from abc import abstractmethod

import keras
import tensorflow as tf

from models.training.fit.loops import gru_loop, lstm_loop, project, simple_rnn_loop


class _WholeSequence(keras.layers.RNN):
    """A recurrent layer without dropout, with masks only for padding at the end.

    Raises:
        ValueError: for arguments that cannot be honoured.
    """

    def __init__(self, units: int, **kwargs: object) -> None:
        super().__init__(units, **kwargs)
        usual = keras.activations.get("tanh"), keras.activations.get("sigmoid")
        if (self.activation, getattr(self, "recurrent_activation", usual[1])) != usual:
            raise ValueError("a fused layer knows only the usual activations")
        if self.dropout or self.recurrent_dropout:
            raise ValueError("a fused layer has no dropout")
        if self.zero_output_for_mask and not self.return_sequences:
            raise ValueError("without all outputs there is none to set to zero")
        self.supports_jit = False  # XLA would compile anew for every length of a batch

    @abstractmethod
    def walk(self, x: tf.Tensor, initial_state: list[tf.Tensor]) -> tuple[tf.Tensor, ...]:
        """Each kind of state after every timestep of ``x`` (timesteps, batch, features), outputs first."""

    def inner_loop(
        self, sequences: tf.Tensor, initial_state: list[tf.Tensor], mask: tf.Tensor | None, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """What Keras asks of a cell's loop: the last output, all outputs (batch, timesteps, units), the last states.

        Outputs after a review's end repeat the last one or, with ``zero_output_for_mask``, are zero. Read backwards,
        the padding comes first and its outputs are zero.
        """
        x = tf.transpose(sequences, [1, 0, 2])
        timesteps = tf.shape(x)[0]
        if isinstance(mask, (list, tuple)):
            mask = mask[0]
        lengths = None if mask is None else _lengths(mask)
        if self.go_backwards:
            x = _reversed(x, lengths)
        initial_state = list(initial_state) if isinstance(initial_state, (list, tuple)) else [initial_state]
        walked = self.walk(x, initial_state)
        hidden = walked[0]
        if lengths is None:
            states = [sequence[-1] for sequence in walked]
            outputs = hidden if self.return_sequences else hidden[-1:]
            return states[0], tf.transpose(outputs, [1, 0, 2]), states

        # The walk goes on through the padding; nothing of that is used, so no gradient comes from there.
        last = tf.stack([tf.maximum(lengths - 1, 0), tf.range(tf.size(lengths))], 1)
        any_word = (lengths > 0)[:, None]
        states = [
            tf.where(any_word, tf.gather_nd(sequence, last), start)
            for sequence, start in zip(walked, initial_state, strict=True)
        ]
        output = tf.where(any_word, states[0], 0.0)
        if not self.return_sequences:
            return output, output[:, None], states
        real = (tf.range(timesteps)[:, None] < lengths)[..., None]
        repeated = output if not (self.go_backwards or self.zero_output_for_mask) else tf.zeros_like(output)
        outputs = tf.where(real, hidden, repeated)
        if self.go_backwards:
            outputs = tf.reverse(_reversed(outputs, lengths), [0])
        return output, tf.transpose(outputs, [1, 0, 2]), states


@keras.saving.register_keras_serializable("unrolled")
class LSTM(_WholeSequence, keras.layers.LSTM):
    """``keras.layers.LSTM``, computed as ``GRU`` is."""

    def walk(self, x: tf.Tensor, initial_state: list[tf.Tensor]) -> tuple[tf.Tensor, ...]:
        """Hidden and cell states, see ``_WholeSequence``."""
        kernel, recurrent = (tf.convert_to_tensor(w) for w in (self.cell.kernel, self.cell.recurrent_kernel))
        projected = project(x, kernel) + (tf.convert_to_tensor(self.cell.bias) if self.use_bias else 0.0)
        return tuple(lstm_loop(projected, recurrent, *initial_state))


@keras.saving.register_keras_serializable("unrolled")
class GRU(_WholeSequence, keras.layers.GRU):
    """``keras.layers.GRU``, all words projected at once and the weights' gradient gathered in one large product.

    Raises:
        ValueError: as ``_WholeSequence``, or for another order of reset gate and product than Keras's usual one.
    """

    def __init__(self, units: int, **kwargs: object) -> None:
        super().__init__(units, **kwargs)
        if not self.reset_after:
            raise ValueError("a fused layer resets after the product")

    def walk(self, x: tf.Tensor, initial_state: list[tf.Tensor]) -> tuple[tf.Tensor, ...]:
        """Hidden states, see ``_WholeSequence``."""
        kernel, recurrent = (tf.convert_to_tensor(w) for w in (self.cell.kernel, self.cell.recurrent_kernel))
        bias = tf.convert_to_tensor(self.cell.bias) if self.use_bias else tf.zeros([2, 3 * self.units], x.dtype)
        projected = project(x, kernel) + bias[0]
        return (gru_loop(projected, recurrent, bias[1], initial_state[0]),)


@keras.saving.register_keras_serializable("unrolled")
class SimpleRNN(_WholeSequence, keras.layers.SimpleRNN):
    """``keras.layers.SimpleRNN``, computed as ``GRU`` is."""

    def walk(self, x: tf.Tensor, initial_state: list[tf.Tensor]) -> tuple[tf.Tensor, ...]:
        """Hidden states, see ``_WholeSequence``."""
        kernel, recurrent = (tf.convert_to_tensor(w) for w in (self.cell.kernel, self.cell.recurrent_kernel))
        projected = project(x, kernel) + (tf.convert_to_tensor(self.cell.bias) if self.use_bias else 0.0)
        return (simple_rnn_loop(projected, recurrent, initial_state[0]),)


def _lengths(mask: tf.Tensor) -> tf.Tensor:
    """(batch,) timesteps before the padding, after checking that it stands at the end."""
    wrong = tf.reduce_any(mask[:, 1:] & ~mask[:, :-1])
    tf.debugging.assert_equal(wrong, False, "a fused layer reads only reviews with their padding at the end")
    return tf.reduce_sum(tf.cast(mask, tf.int32), 1)


def _reversed(x: tf.Tensor, lengths: tf.Tensor | None) -> tf.Tensor:
    """(timesteps, batch, …) with every review's real timesteps from last to first, the padding left in place."""
    if lengths is None:
        return tf.reverse(x, [0])
    return tf.reverse_sequence(x, lengths, seq_axis=0, batch_axis=1)
