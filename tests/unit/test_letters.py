"""The blackboard network: characters as people count them, learning that always ends, exact gradients."""

from __future__ import annotations

import numpy as np
import pytest

from models.letters import gradient_flow, network, sequences, training
from models.letters.backpropagation import backward, clipped, d_logits
from models.letters.training import Settings, measure, spell
from models.letters.word import UnfitWord, characters, is_vowel, word_of

CELLS = network.CELLS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", list("hello")),
        ("caf\u0065\u0301", ["c", "a", "f", "é"]),
        ("Straße", list("Straße")),
        ("日本語", ["日", "本", "語"]),
        ("a😀b", ["a", "😀", "b"]),
        ("👨‍👩‍👧!", ["👨‍👩‍👧", "!"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"]),
        ("❤️x", ["❤️", "x"]),
        ("क्षि", ["क्", "षि"]),
        ("  to \n be ", ["t", "o", " ", "b", "e"]),
        ("a\u0000\u200bb", ["a", "b"]),
    ],
)
def test_characters_are_counted_as_people_count_them(text, expected):
    assert list(characters(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason", "count"),
    [
        ("", "blank", 0),
        (" \n\t", "blank", 0),
        ("a", "single", 1),
        ("👨‍👩‍👧", "single", 1),
        ("aaaa", "repeated", 4),
        ("ab" * 12 + "c", "long", 25),
    ],
)
def test_words_with_nothing_or_too_much_to_learn(text, reason, count):
    with pytest.raises(UnfitWord) as error:
        word_of(text)
    assert (error.value.reason, error.value.count) == (reason, count)


def test_the_vocabulary_is_made_of_the_word():
    word = word_of("hello")
    assert word.vocabulary == ("h", "e", "l", "o")
    assert (word.read, word.following) == ((0, 1, 2, 2), (1, 2, 2, 3))
    assert word.one_hot().tolist() == np.eye(4).tolist()
    assert len(word_of("ab" * 12).characters) == 24


def test_vowels_keep_their_accents():
    assert [c for c in "hELlöé日ßωй😀 " if is_vowel(c)] == ["E", "ö", "é", "ω", "й"]


@pytest.mark.parametrize("cell", CELLS)
def test_hello_is_learnt_from_every_seed(cell):
    """With the default settings; the state tells the two l's apart."""
    word = word_of("hello")
    for seed in range(1, 101):
        run = spell(Settings(cell=cell, seed=seed), word)
        run.to_the_end()
        guesses = network.forward(cell, run.weights, word.read).probabilities
        assert run.learnt and not run.diverged, seed
        assert guesses[3, word.vocabulary.index("o")] > 0.95, seed
        assert guesses.argmax(1).tolist() == list(word.following), seed


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("targets", [(1, 2, 2, 3), (-1, -1, -1, 3)])
def test_every_gradient_is_a_finite_difference(cell, targets):
    letters, nudge = (0, 1, 2, 2), 1e-6
    weights = network.start(cell, 4, 3, 4, seed=5)
    weights = weights.filled(weights.flat() + np.random.default_rng(0).normal(0, 0.3, weights.flat().shape))
    reading = network.forward(cell, weights, letters)
    found = backward(cell, weights, reading, d_logits(reading, targets)).weights.flat()
    flat = weights.flat()
    for place in range(len(flat)):
        ends = []
        for sign in (1, -1):
            moved = flat.copy()
            moved[place] += sign * nudge
            ends.append(network.loss(network.forward(cell, weights.filled(moved), letters), targets))
        assert found[place] == pytest.approx((ends[0] - ends[1]) / (2 * nudge), abs=1e-8), place


@pytest.mark.tensorflow
@pytest.mark.parametrize("most", [None, 0.1])
@pytest.mark.parametrize("cell", CELLS)
def test_forward_loss_and_gradients_are_tensorflows(cell, most):
    import keras
    import tensorflow as tf

    word, units = word_of("hello"), 3
    weights = network.start(cell, 4, units, 4, seed=11)
    weights = weights.filled(weights.flat() + np.random.default_rng(1).normal(0, 0.3, weights.flat().shape))
    kind = {"SimpleRNN": keras.layers.SimpleRNN, "LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}[cell]
    layer = kind(units, return_sequences=True, dtype="float64")
    head = keras.layers.Dense(4, dtype="float64")
    x = np.eye(4)[list(word.read)][None]
    head(layer(x))
    # Keras keeps the transposes, an LSTM's gates in the same order, a GRU's too, with a second bias that is zero here.
    bias = weights.b_h if cell != "GRU" else np.stack([weights.b_h, np.zeros(3 * units)])
    layer.set_weights([weights.W_xh.T, weights.W_hh.T, bias])
    head.set_weights([weights.W_hy.T, weights.b_y])
    with tf.GradientTape() as tape:
        logits = head(layer(x))[0]
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=np.array(word.following), logits=logits)
        )
    variables = [*layer.trainable_variables, *head.trainable_variables]
    theirs = tape.gradient(loss, variables)
    reading = network.forward(cell, weights, word.read)
    np.testing.assert_allclose(reading.logits, logits.numpy(), atol=1e-6)
    np.testing.assert_allclose(reading.probabilities, tf.nn.softmax(logits).numpy(), atol=1e-6)
    assert network.loss(reading, word.following) == pytest.approx(float(loss), abs=1e-6)
    ours = backward(cell, weights, reading, d_logits(reading, word.following)).weights.flat()
    if cell == "GRU":  # our network has no second bias, so it is not part of the length
        theirs[2] = tf.stack([theirs[2][0], tf.zeros(3 * units, tf.float64)])
    if most is not None:
        theirs, norm = tf.clip_by_global_norm(theirs, most)
        ours, length = clipped(ours, most)
        assert length == pytest.approx(float(norm), abs=1e-6)
        assert length > most
    kernel, recurrent, bias, out, out_bias = (gradient.numpy() for gradient in theirs)
    expected = [kernel.T, recurrent.T, bias[0] if cell == "GRU" else bias, out.T, out_bias]
    np.testing.assert_allclose(ours, np.concatenate([array.ravel() for array in expected]), atol=1e-6)


def test_one_update_is_a_step_against_the_gradient():
    run = spell(Settings(rate=0.3, clip=None), word_of("hello"))
    before, gradient = run.weights.flat(), run.gradient
    assert gradient.shape == before.shape and np.abs(gradient).max() > 0.01
    run.update()
    np.testing.assert_allclose(run.weights.flat(), before - 0.3 * gradient, atol=1e-15)
    assert run.updates == 1 and len(run.losses) == 2 and run.losses[1] < run.losses[0]


def test_clipping_shortens_and_never_turns_the_gradient():
    gradient = np.array([3.0, 4.0])
    shortened, norm = clipped(gradient, 1.0)
    np.testing.assert_allclose(shortened, [0.6, 0.8])
    assert norm == 5.0
    assert clipped(gradient, 10.0)[0] is gradient and clipped(gradient, None)[0] is gradient


def test_it_says_when_it_diverges():
    run = spell(Settings(rate=30.0, clip=None), word_of("hello"))
    run.update(100)
    assert run.diverged and not run.learnt and run.losses[-1] > 5
    assert run.saturated() > 0.5, "which is why no gradient brings it back"
    calm = spell(Settings(), word_of("hello"))
    calm.update(100)
    assert not calm.diverged and calm.saturated() < 0.5


def test_looking_back_keeps_the_first_and_the_last_and_not_too_many():
    run = spell(Settings(), word_of("hello"))
    first = run.weights.flat()
    run.update(700)
    assert run.snapshots[0][0] == 0 and run.snapshots[-1][0] == 700 and len(run.snapshots) <= 33
    np.testing.assert_allclose(run.snapshots[0][1], first, atol=1e-6)
    np.testing.assert_allclose(run.snapshots[-1][1], run.weights.flat(), atol=1e-6)
    updates = [update for update, _ in run.snapshots]
    assert updates == sorted(set(updates))


def test_weights_set_by_hand_are_learnt_on_from():
    run = spell(Settings(), word_of("hello"))
    run.to_the_end()
    changed = run.weights.flat()
    changed[0] += 5
    run.set_weights(changed)
    assert run.edited == [run.updates] and not run.learnt
    np.testing.assert_array_equal(run.weights.flat(), changed)
    assert run.losses[-1] == pytest.approx(measure("SimpleRNN", run.weights, run.examples)[0])
    assert len(run.losses) == run.updates + 1
    run.to_the_end()
    assert run.learnt
    for bad in ([1.0], [*changed[:-1], float("nan")]):
        with pytest.raises(ValueError):
            run.set_weights(bad)


def test_the_gradients_way_back_is_its_factors():
    run = spell(Settings(), word_of("to be or not to be"))
    run.update(30)
    found = gradient_flow.flow(run)
    np.testing.assert_allclose(found.norms[:-1], found.norms[1:] * found.slopes * found.matrix, rtol=1e-12)
    assert (found.slopes <= 1).all()
    scaled = gradient_flow.flow(run, 0.5)
    steps = np.arange(len(found.norms))[::-1]
    np.testing.assert_allclose(scaled.norms, found.norms * 0.5**steps, rtol=1e-12)
    np.testing.assert_allclose(scaled.slopes, found.slopes, rtol=1e-12)
    again = gradient_flow.flow(run, 0.5, held=False)
    assert not np.allclose(again.slopes, found.slopes), "it reads again, and other sums have other slopes"


def test_scaling_makes_it_vanish_and_explode_and_clipping_mends_the_second_only():
    run = spell(Settings(), word_of("to be or not to be"))
    small, large = gradient_flow.flow(run, 0.5), gradient_flow.flow(run, 2.0)
    assert small.norms[0] < 1e-3 * small.norms[-1]
    assert large.norms[0] > 1e2 * large.norms[-1]
    assert large.clipping(1.0) * large.whole == pytest.approx(1.0) and large.clipping(None) == 1.0
    assert small.clipping(1.0) <= 1.0, "it makes nothing longer"


@pytest.mark.parametrize("cell", CELLS)
def test_state_gradients_are_finite_differences(cell):
    """Of the last letter's loss: nudge a state as it is made, and read on from there by hand."""
    run = spell(Settings(cell=cell, seed=3), word_of("hello"))
    run.update(20)
    letters, targets = run.examples[0].letters, run.examples[0].targets
    found = gradient_flow.flow(run).norms
    whole = network.forward(cell, run.weights, letters)

    def rest(t, h, c):
        """The loss of the last letter, if the states after timestep t were these."""
        units = run.weights.units
        for letter in letters[t + 1 :]:
            a = run.weights.W_xh[:, letter] + run.weights.b_h
            m = run.weights.W_hh @ h
            if cell == "SimpleRNN":
                h = np.tanh(a + m)
            elif cell == "LSTM":
                i, f, g, o = np.split(a + m, 4)
                c = network.sigmoid(f) * c + network.sigmoid(i) * np.tanh(g)
                h = network.sigmoid(o) * np.tanh(c)
            else:
                z, r = network.sigmoid((a + m)[: 2 * units]).reshape(2, units)
                h = z * h + (1 - z) * np.tanh(a[2 * units :] + r * m[2 * units :])
        p = network.softmax(run.weights.W_hy @ h + run.weights.b_y)
        return -np.log(p[targets[-1]])

    for t in range(len(letters)):
        h = whole.states[t + 1]
        c = whole.cells[t + 1] if cell == "LSTM" else np.zeros_like(h)
        nudged = [(rest(t, h + 1e-6 * unit, c) - rest(t, h - 1e-6 * unit, c)) / 2e-6 for unit in np.eye(len(h))]
        assert found[t] == pytest.approx(np.linalg.norm(nudged), abs=1e-7)


@pytest.mark.parametrize("cell", CELLS)
def test_the_four_kinds_of_sequences_are_learnt(cell):
    word, settings = word_of("hello"), Settings(cell=cell)
    alone = sequences.one_to_one(settings, word)
    alone.to_the_end(300)
    after_l = network.forward(cell, alone.weights, [2]).probabilities[0]
    np.testing.assert_allclose(after_l[[2, 3]], 0.5, atol=0.05), "without a memory both l's are one"
    assert sequences.best_alone(word) == {0: {1: 1.0}, 1: {2: 1.0}, 2: {2: 0.5, 3: 0.5}}
    labels = sequences.many_to_many(settings, word)
    labels.to_the_end()
    found = network.forward(cell, labels.weights, word.ids).probabilities.argmax(1)
    assert found.tolist() == [1, 0, 1, 1, 0]
    classes = sequences.classes([[characters(w) for w in words] for words in sequences.CLASSES])
    judge = sequences.many_to_one(settings, classes)
    judge.to_the_end()
    assert judge.learnt
    for label, words in enumerate(sequences.CLASSES):
        for text in words:
            known, unknown = classes.ids(characters(text))
            guess = network.forward(cell, judge.weights, known).probabilities[-1]
            assert not unknown and guess[label] > 0.95
    assert classes.ids(("h", "x", "x", "日"))[1] == ("x", "日")


def test_writing_on_repeats_with_its_seed_and_temperature_flattens():
    word = word_of("hello")
    run = spell(Settings(), word)
    run.to_the_end()
    written, _ = sequences.write_on(run, 0, 4, 0.0, seed=1)
    assert written == word.following
    first = sequences.write_on(run, 0, 20, 1.5, seed=7)
    again = sequences.write_on(run, 0, 20, 1.5, seed=7)
    assert first[0] == again[0]
    assert any(sequences.write_on(run, 0, 20, 1.5, seed=s)[0] != first[0] for s in range(8, 12))
    cold, hot = (sequences.write_on(run, 0, 1, t, 1)[1][0] for t in (0.5, 4.0))
    assert cold.max() > hot.max()
    assert hot.sum() == pytest.approx(1.0)


def test_training_is_the_same_from_the_same_seed_and_another_from_another():
    one, same, other = (spell(Settings(seed=seed), word_of("hello")) for seed in (4, 4, 5))
    for run in (one, same, other):
        run.update(5)
    np.testing.assert_array_equal(one.weights.flat(), same.weights.flat())
    assert not np.allclose(one.weights.flat(), other.weights.flat())
    assert training.TO_THE_END >= 300
