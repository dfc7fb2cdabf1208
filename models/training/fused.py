"""A Keras LSTM that trains faster on processors: one kernel walks the whole sequence instead of a loop of small ones.

Same weights, same mathematics: what it trains is loaded into the plain layer,
``plain.load_weights("fused.weights.h5")`` or ``plain.set_weights(fused.get_weights())``.
"""

from __future__ import annotations

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("unrolled")
class LSTM(keras.layers.LSTM):
    """``keras.layers.LSTM`` over TensorFlow's ``BlockLSTMV2``, without dropout; masks only for padding at the end.

    It is called LSTM because Keras names the groups of a weights file after the class: so they are the plain layer's.

    Raises:
        ValueError: for arguments that the kernel cannot honour.
    """

    def __init__(self, units: int, **kwargs: object) -> None:
        super().__init__(units, **kwargs)
        usual = keras.activations.get("tanh"), keras.activations.get("sigmoid")
        if (self.activation, self.recurrent_activation) != usual:
            raise ValueError("the fused LSTM knows only the usual activations")
        if self.dropout or self.recurrent_dropout:
            raise ValueError("the fused LSTM has no dropout")
        if self.zero_output_for_mask and not self.return_sequences:
            raise ValueError("without all outputs there is none to set to zero")
        self.supports_jit = False  # XLA does not know the kernel

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
        weights = tf.concat([tf.convert_to_tensor(w) for w in (self.cell.kernel, self.cell.recurrent_kernel)], 0)
        bias = tf.convert_to_tensor(self.cell.bias) if self.use_bias else tf.zeros([4 * self.units], x.dtype)
        hidden, cell = _block_lstm(x, weights, bias, *initial_state)
        if lengths is None:
            states = [hidden[-1], cell[-1]]
            outputs = hidden if self.return_sequences else hidden[-1:]
            return states[0], tf.transpose(outputs, [1, 0, 2]), states

        # The kernel reads on through the padding; nothing of that is used, so no gradient comes from there.
        last = tf.stack([tf.maximum(lengths - 1, 0), tf.range(tf.size(lengths))], 1)
        any_word = (lengths > 0)[:, None]
        states = [
            tf.where(any_word, tf.gather_nd(sequence, last), start)
            for sequence, start in zip((hidden, cell), initial_state, strict=True)
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


def _lengths(mask: tf.Tensor) -> tf.Tensor:
    """(batch,) timesteps before the padding, after checking that it stands at the end."""
    wrong = tf.reduce_any(mask[:, 1:] & ~mask[:, :-1])
    tf.debugging.assert_equal(wrong, False, "the fused LSTM reads only reviews with their padding at the end")
    return tf.reduce_sum(tf.cast(mask, tf.int32), 1)


def _reversed(x: tf.Tensor, lengths: tf.Tensor | None) -> tf.Tensor:
    """(timesteps, batch, …) with every review's real timesteps from last to first, the padding left in place."""
    if lengths is None:
        return tf.reverse(x, [0])
    return tf.reverse_sequence(x, lengths, seq_axis=0, batch_axis=1)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _block_lstm(x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Hidden and cell states (timesteps, batch, units) after every timestep of ``x`` (timesteps, batch, features).

    The gradient is given here because the one that TensorFlow 2.21 registers for ``BlockLSTMV2`` is the first
    version's, which has the forget gate and the candidate in each other's place.
    """
    no_peephole = tf.zeros_like(bias[: tf.shape(bias)[0] // 4])
    given = {
        "seq_len_max": tf.cast(tf.shape(x)[0], tf.int64),
        "x": x,
        "cs_prev": cell,
        "h_prev": hidden,
        "w": weights,
        "wci": no_peephole,
        "wcf": no_peephole,
        "wco": no_peephole,
        "b": bias,
        "use_peephole": False,
    }
    steps = tf.raw_ops.BlockLSTMV2(**given, cell_clip=0.0)

    def gradient(hidden_gradient: tf.Tensor, cell_gradient: tf.Tensor) -> tuple[tf.Tensor, ...]:
        back = tf.raw_ops.BlockLSTMGradV2(**given, **steps._asdict(), h_grad=hidden_gradient, cs_grad=cell_gradient)
        return back.x_grad, back.w_grad, back.b_grad, back.h_prev_grad, back.cs_prev_grad

    return (steps.h, steps.cs), gradient
