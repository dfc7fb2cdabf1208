"""The words that a network knows, from any of the files in which people keep them, with the preparation they imply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import settings
from models.errors import ForeignNetworkError
from models.foreign.preparation import FILTERS, PUNCTUATION, Preparation
from models.foreign.safe_file import content
from models.settings import MB

_IMDB_WORDS = 88_584
_PADS = ("", "[pad]", "<pad>", "[padding]", "<padding>", "pad")
_UNKNOWN = ("[unk]", "<unk>", "<oov>", "[oov]", "[out of vocabulary]", "unk", "oov", "<unknown>")
_MOST_BYTES = 80 * MB
_MOST_LETTERS = 200  # of one word
NO_WORDS = "The settings of the network’s TextVectorization are in the file, but not its words: bring them beside it."
SAVE_WORDS = 'open("words.txt", "w").write("\\n".join(vectorize.get_vocabulary()))'


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary as its file has it.

    Attributes:
        kind: what the file is, in words.
        ids: id by word, before any offset.
        preparation: what the file says of it, and its kind's defaults.
        notes: what was taken for granted, a line each.
    """

    kind: str
    ids: dict[str, int]
    preparation: Preparation
    notes: tuple[str, ...] = ()


def read_words(source: Path | bytes, name: str = "") -> Words:
    """A vocabulary from a Tokenizer's JSON, a dictionary, the Keras IMDB index, or a text file.

    Raises:
        ForeignNetworkError: if it is none of them.
    """
    data = content(source, _MOST_BYTES, "The vocabulary")
    if len(data) > _MOST_BYTES:
        raise ForeignNetworkError(f"The vocabulary's file is larger than {_MOST_BYTES // MB} MB.")
    if data[:1] == b"\x80" or data.startswith(b"PK"):
        raise ForeignNetworkError(
            "The vocabulary is a pickle or a zip, which can run code when it is opened.",
            'import pickle; tokenizer = pickle.load(open("tokenizer.pickle", "rb"))\n'
            'open("tokenizer.json", "w").write(tokenizer.to_json())',
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignNetworkError("The vocabulary is not a text file in UTF-8.") from error
    found = _from_json(text, name) if text.lstrip()[:1] in ("{", "[", '"') else None
    found = found or _from_lines(text.removesuffix("\n").split("\n"))
    return checked(found)


def checked(words: Words) -> Words:
    """The words, if there are not too many and none is too long."""
    most = settings.value("network_words")
    if not words.ids:
        raise ForeignNetworkError("There is no word in the vocabulary.")
    if len(words.ids) > most:
        raise ForeignNetworkError(f"The vocabulary has {len(words.ids):,} words; up to {most:,} are read here.")
    if max(map(len, words.ids)) > _MOST_LETTERS:
        raise ForeignNetworkError(f"A word of the vocabulary has more than {_MOST_LETTERS} characters.")
    return words


def from_vectorization(config: Mapping[str, Any], listed: list[str] | None) -> Words:
    """The words and settings of a TextVectorization.

    Raises:
        ForeignNetworkError: if it makes something else than one id a word.
    """
    own = config.get("vocabulary")
    if isinstance(own, list) and all(isinstance(word, str) for word in own):
        listed = own if own[:1] == [""] else ["", "[UNK]", *own]
    if not listed:
        raise ForeignNetworkError(NO_WORDS, SAVE_WORDS)
    preparation, notes = vectorization_settings(config)
    return Words("the network’s own TextVectorization", _numbered(listed, 0, {0, 1}), preparation, notes)


def vectorization_settings(config: Mapping[str, Any]) -> tuple[Preparation, tuple[str, ...]]:
    """The preparation that a TextVectorization's configuration tells, and what was taken for granted.

    Raises:
        ForeignNetworkError: if it makes something else than one id a word.
    """
    if config.get("output_mode", "int") != "int" or config.get("ngrams") or config.get("ragged"):
        raise ForeignNetworkError("The TextVectorization makes something else than one id for every word.")
    notes: list[str] = []
    standardize = config.get("standardize")
    lower, filters, breaks = False, "", False
    if standardize in ("lower_and_strip_punctuation", "lower", "strip_punctuation"):
        lower = standardize != "strip_punctuation"
        filters = PUNCTUATION if standardize != "lower" else ""
    elif standardize is not None:
        lower, filters, breaks = True, PUNCTUATION, True
        notes.append(
            "Its standardization is a function of its own, which is not run here. Taken instead: small letters, <br /> "
            "to a blank, punctuation out, as in TensorFlow’s tutorials. Check the ids against your notebook."
        )
    if config.get("split") != "whitespace":
        raise ForeignNetworkError("The TextVectorization does not split at white space.")
    length = config.get("output_sequence_length")
    preparation = Preparation(
        lower=lower, filters=filters, joined=True, breaks=breaks, split="whitespace", oov_id=1, ascii=True,
        maxlen=length if isinstance(length, int) else None, padding="post", truncating="post",
    )  # fmt: skip
    return preparation, tuple(notes)


def _from_json(text: str, name: str) -> Words | None:
    try:
        found = json.loads(text)
        if isinstance(found, str):  # json.dump(tokenizer.to_json()) writes a text in a text
            found = json.loads(found)
    except (ValueError, RecursionError) as error:
        if text.lstrip()[:1] == "{":
            raise ForeignNetworkError("The vocabulary begins like JSON, but cannot be read as such.") from error
        return None
    if isinstance(found, dict) and found.get("class_name") == "Tokenizer":
        return _from_tokenizer(found.get("config"))
    if isinstance(found, list) and found and all(isinstance(word, str) for word in found):
        return _from_lines(found)
    if isinstance(found, dict):
        if found and all(isinstance(word, str) for word in found.values()):  # index_word instead of word_index
            found = {word: int(number) for number, word in found.items() if str(number).isdecimal()}
        return _from_dictionary(found, name)
    raise ForeignNetworkError("The vocabulary is JSON, but neither a Tokenizer nor a dictionary of words.")


def _from_tokenizer(config: Any) -> Words:
    try:
        index = config["word_index"]
        index = json.loads(index) if isinstance(index, str) else index
        if config.get("char_level"):
            raise ForeignNetworkError("The Tokenizer reads letters, not words.")
        ids = {str(word): int(number) for word, number in index.items()}
        oov, most = config.get("oov_token"), config.get("num_words")
        preparation = Preparation().changed(
            {
                "lower": config.get("lower", True),
                "filters": config.get("filters", FILTERS) or "",
                "split": config.get("split", " "),
                "num_words": most,
                "oov_id": ids.get(str(oov)) if oov is not None else None,
            }
        )
    except (TypeError, KeyError, AttributeError, ValueError, RecursionError) as error:
        if isinstance(error, ForeignNetworkError):
            raise
        raise ForeignNetworkError("The Tokenizer's JSON is damaged: it has no word_index.") from error
    return Words("a Keras Tokenizer", ids, preparation)


def _from_dictionary(found: dict[str, Any], name: str) -> Words:
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in found.values()):
        raise ForeignNetworkError("The vocabulary is a dictionary, but not from words to ids.")
    if found.get("the") == 1 and (len(found) == _IMDB_WORDS or "imdb" in name.lower()):
        return Words("the Keras IMDB index", found, Preparation(offset=3, start_id=1, oov_id=2))
    unknown = next((found[word] for word in found if word.lower() in _UNKNOWN), None)
    return Words(
        "a dictionary of words",
        found,
        Preparation(oov_id=unknown),
        ("Tokenizer’s usual settings are taken; the dictionary does not tell them.",),
    )


def _from_lines(lines: list[str]) -> Words:
    lines = [line.removesuffix("\r") for line in lines]
    begins = lines[0].strip().lower() in _PADS if lines else False
    unknown = next((i for i, line in enumerate(lines[:5]) if line.strip().lower() in _UNKNOWN), None)
    vectorized = lines[:2] == ["", "[UNK]"]
    first = 0 if begins else 1
    ids = _numbered(lines, first, {0} if begins else set())
    if vectorized:
        preparation = Preparation(
            filters=PUNCTUATION, joined=True, split="whitespace", oov_id=1, ascii=True, padding="post",
            truncating="post",
        )  # fmt: skip
        return Words("the words of a TextVectorization", {w: i for w, i in ids.items() if i > 1}, preparation)
    note = f"The first line is taken as id {first}" + (" (padding)." if begins else "; 0 is padding.")
    return Words("a list of words", ids, Preparation(oov_id=None if unknown is None else unknown + first), (note,))


def _numbered(lines: list[str], first: int, left_out: set[int]) -> dict[str, int]:
    """Ids by line; a word that stands twice keeps its first line."""
    found: dict[str, int] = {}
    for number, word in enumerate(lines, first):
        if number not in left_out and word:
            found.setdefault(word, number)
    return found
