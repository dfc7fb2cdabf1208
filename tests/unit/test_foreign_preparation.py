"""The ids of a text are Keras's own: Tokenizer, TextVectorization and pad_sequences on a thousand generated texts."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.errors import ForeignNetworkError
from models.foreign import check
from models.foreign.open import open_network, read_plan, words_of
from models.foreign.preparation import FILTERS, Preparation
from models.foreign.vocabulary import ForeignVocabulary
from models.foreign.words import Words, from_vectorization, read_words
from tests import network_files

_PIECES = (
    "film movie good bad The A not don't DIDN'T it's well-made café naïve ÉCLAIR İstanbul ΣΊΣΥΦΟΣ straße ½ 10/10 8.5 "
    '<br /> <br/> (great) "quoted" #1 a_b x|y ~ ` ^ ... !!! ?! — – … “smart” ’tis 日本 映画 😀 \u00a0 e\u0301'
).split(" ")
_SPACES = (" ", "  ", "\n", "\t", "\r\n", "\u2003", "\x0b", "\u00a0", "")


def generated(count: int) -> list[str]:
    """Texts with everything that people type: capitals, accents, punctuation inside words, strange blanks."""
    source = random.Random(7)
    found = []
    for _ in range(count):
        parts = [source.choice(_PIECES) + source.choice(_SPACES) for _ in range(source.randint(1, 25))]
        found.append("".join(parts))
    return found


TEXTS = generated(1_000)


def ids(words: Words, preparation: Preparation, text: str) -> list[int]:
    vocabulary = ForeignVocabulary(words, preparation, 100_000)
    rows = [token.id for token in vocabulary.tokenize(text)]
    return preparation.framed([int(vocabulary.keras_ids[row]) for row in rows])[0]


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "settings",
    [{}, {"num_words": 30}, {"oov_token": "<OOV>"}, {"oov_token": "<OOV>", "num_words": 25}, {"lower": False},
     {"filters": "!?."}, {"filters": "", "split": "-"}],
)  # fmt: skip
def test_a_tokenizer_is_read_from_its_json(settings: dict[str, Any]) -> None:
    from keras.src.legacy.preprocessing.text import Tokenizer

    tokenizer = Tokenizer(**settings)
    tokenizer.fit_on_texts(TEXTS[:300])
    words = read_words(tokenizer.to_json().encode())
    vocabulary = ForeignVocabulary(words, words.preparation, 100_000)
    for text, expected in zip(TEXTS, tokenizer.texts_to_sequences(TEXTS), strict=True):
        tokens = vocabulary.tokenize(text)
        assert [int(vocabulary.keras_ids[token.id]) for token in tokens] == expected, repr(text)
        for token in tokens:
            assert text[token.start : token.end] == token.text


@pytest.mark.tensorflow
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_filled_up_and_cut_as_by_pad_sequences(padding: Any, truncating: Any) -> None:
    import keras

    source = random.Random(1)
    sequences = [[source.randint(1, 99) for _ in range(source.randint(1, 20))] for _ in range(1_000)]
    expected = keras.utils.pad_sequences(sequences, 8, padding=padding, truncating=truncating)
    prepared = Preparation(maxlen=8, padding=padding, truncating=truncating)
    np.testing.assert_array_equal([prepared.framed(one)[0] for one in sequences], expected)


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.parametrize("standardize", ["lower_and_strip_punctuation", "lower", "strip_punctuation", None])
@pytest.mark.parametrize("length", [None, 12])
def test_text_vectorization_as_data(standardize: str | None, length: int | None) -> None:
    import keras

    layer = keras.layers.TextVectorization(max_tokens=60, standardize=standardize, output_sequence_length=length)
    layer.adapt(TEXTS[:300])
    words = from_vectorization(layer.get_config(), layer.get_vocabulary())
    for text, row in zip(TEXTS, np.asarray(layer(TEXTS)).tolist(), strict=True):
        # Without a length Keras fills a batch up to its longest text; alone a text is not filled up.
        expected = row if length else row[: len(row) - row.count(0)]
        assert ids(words, words.preparation, text) == expected, repr(text)


@pytest.mark.tensorflow
def test_the_tutorials_own_standardization() -> None:
    import re
    import string

    import keras
    import tensorflow as tf

    def custom_standardization(text: Any) -> Any:
        plain = tf.strings.regex_replace(tf.strings.lower(text), "<br />", " ")
        return tf.strings.regex_replace(plain, f"[{re.escape(string.punctuation)}]", "")

    layer = keras.layers.TextVectorization(max_tokens=60, standardize=custom_standardization)
    layer.adapt(TEXTS[:300])
    words = from_vectorization(layer.get_config() | {"standardize": {"class_name": "function"}}, layer.get_vocabulary())
    assert "function of its own" in words.notes[0]
    for text, row in zip(TEXTS, np.asarray(layer(TEXTS)).tolist(), strict=True):
        assert ids(words, words.preparation, text) == row[: len(row) - row.count(0)], repr(text)


VECTORIZATION = {
    "name": "text_vectorization", "standardize": "lower_and_strip_punctuation", "split": "whitespace", "ngrams": None,
    "output_mode": "int", "output_sequence_length": 6, "vocabulary": None,
}  # fmt: skip


def vectorized(places: list[str], text: str) -> bytes:
    """A network with a TextVectorization in front, its words at these places of the file."""
    layers = network_files.layers()
    front = [{"class_name": "InputLayer", "config": {"name": "text", "batch_shape": [None], "dtype": "string"}},
             {"class_name": "TextVectorization", "config": VECTORIZATION}]  # fmt: skip

    def more(archive: Any) -> None:
        for place in places:
            archive.writestr(f"assets/layers/text_vectorization/{place}vocabulary.txt", text)

    return network_files.keras({"class_name": "Sequential", "config": {"layers": [*front, *layers[1:]]}}, more=more)


@pytest.mark.parametrize("places", [[""], ["", "_lookup_layer/"]])
def test_the_networks_own_words_are_read_also_where_keras_writes_them_twice(places: list[str]) -> None:
    plan = read_plan(vectorized(places, "\n[UNK]\nfilm\ngood"), "x.keras")
    words = words_of(plan)
    assert words is not None
    assert ids(words, words.preparation, "Good... FILM, zzz") == [3, 2, 1, 0, 0, 0]


def test_words_beside_a_network_whose_vectorization_has_none(tmp_path: Path) -> None:
    """As in ``.h5`` files: the settings are the network's, the words come from a file of their own."""
    path = tmp_path / "x.keras"
    path.write_bytes(vectorized([], ""))
    assert words_of(read_plan(path)) is None
    with pytest.raises(ForeignNetworkError, match="not its words") as refused:
        open_network(path)
    assert "get_vocabulary" in refused.value.remedy
    (tmp_path / "words.json").write_text('["", "[UNK]", "film", "good"]')
    model = open_network(path, tmp_path / "words.json")
    assert model.ids("Good... FILM, zzz") == [3, 2, 1, 0, 0, 0]


def test_the_imdb_index_has_its_offset_start_and_unknown_ids() -> None:
    index = {"the": 1, "and": 2, "a": 3, "film": 19, "good": 49, "rare": 20_000}
    words = read_words(json.dumps(index).encode(), "imdb_word_index.json")
    prepared = words.preparation.changed({"num_words": 10_000, "maxlen": 8})
    assert ids(words, prepared, "The film: a RARE zzz") == [0, 0, 1, 4, 22, 6, 2, 2]
    # Keras: [1] + [i + 3 if i + 3 < num_words else 2], the front cut off
    assert ids(words, prepared, "the " * 9) == [4] * 8


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (b'{"good": 3, "film": 2, "<OOV>": 1}', "a dictionary of words", [2, 1, 3]),
        (b'{"good": 3, "film": 2}', "a dictionary of words", [2, 3]),
        (b'{"2": "film", "3": "good"}', "a dictionary of words", [2, 3]),
        (b"\n[UNK]\nfilm\ngood\n", "the words of a TextVectorization", [2, 1, 3]),
        (b"[padding]\n<unk>\nfilm\ngood", "a list of words", [2, 1, 3]),
        (b"film\r\ngood\r\n", "a list of words", [1, 2]),
        (b'["", "[UNK]", "film", "good"]', "the words of a TextVectorization", [2, 1, 3]),
    ],
)
def test_every_kind_of_vocabulary(data: bytes, kind: str, expected: list[int]) -> None:
    words = read_words(data)
    assert words.kind == kind
    assert ids(words, words.preparation, "film zzz good") == expected


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b'{"a": "b"}', b'{"a": -1}', b'{"class_name": "Tokenizer", "config": {}}', b"\x80\x04pickle",
     b"\xff\xfe\x00",
     b'{"class_name": "Tokenizer", "config": {"word_index": "{\\"a\\": 1}", "char_level": true}}', b"[" * 100_000,
     b"w" * 300, b'{"' + b"w" * 300 + b'": 1}', b"[1, 2]"],
)  # fmt: skip
def test_what_is_no_vocabulary_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ForeignNetworkError) as refused:
        read_words(data)
    assert "\n" not in str(refused.value)


def test_settings_are_checked() -> None:
    with pytest.raises(ForeignNetworkError, match="no setting"):
        Preparation().changed({"max_len": 3})
    for bad in ({"maxlen": 0}, {"padding": "left"}, {"num_words": "many"}, {"split": "ab"}, {"offset": -1}):
        with pytest.raises(ForeignNetworkError):
            Preparation().changed(bad)
    assert Preparation().filters == FILTERS


@pytest.mark.parametrize(
    ("theirs", "changes"),
    [
        ([1, 4, 22, 2], {"offset": 3, "start_id": 1, "oov_id": 2}),
        ([1, 19, 0, 0], {"maxlen": 4, "padding": "post"}),
        ([0, 0, 1, 19], {"maxlen": 4}),
    ],
)
def test_what_a_notebook_does_otherwise_is_named(theirs: list[int], changes: dict[str, Any]) -> None:
    words = read_words(b'{"the": 1, "film": 19}')
    found = check.compare(words, words.preparation, "The film zzz", theirs, 100)
    assert (found.same, found.changes) == (False, changes)
    assert check.compare(words, words.preparation.changed(changes), "The film zzz", theirs, 100).same


def test_ids_that_are_not_filled_up_are_called_so() -> None:
    words = read_words(b'{"the": 1, "film": 19}')
    found = check.compare(words, words.preparation.changed({"maxlen": 4}), "The film", [1, 19], 100)
    assert found.same and "padding and truncating are not compared" in found.sentence
