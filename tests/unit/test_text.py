"""The tokenizer and the vocabulary: exact tables, and what holds for any text at all."""

from __future__ import annotations

import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.text import OUT_OF_VOCABULARY, PADDING, RESERVED, Vocabulary, has_words, key, keys, spans

# Arbitrary text, and text made of the pieces that the tokenizer treats specially, which chance alone rarely meets.
PIECES = ["<br />", "<", ">", "</b", "<!--", "-->", "'", "’", "ʼ", "7/10", "3.5", ",", ".", "!", "?", ":)", ";-(", "=D"]
PIECES += [
    "é",
    "e\u0301",
    "\u0301",
    "İ",
    "ß",
    "中文",
    "👍",
    "\x00",
    "\r\n",
    "\u200d",
    "\ufeff",
    "a",
    "Z9",
    " ",
    "ﬁ",
    "٣",
]
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def words(review: str) -> list[str]:
    return [review[start:end] for start, end in spans(review)]


@given(texts)
@settings(deadline=None, max_examples=300)
def test_every_token_is_a_stretch_of_the_review(review: str) -> None:
    vocabulary = Vocabulary((*RESERVED, "a", "e", "!"))
    tokens = vocabulary.tokenize(review)
    end_before = 0
    for token in tokens:
        assert review[token.start : token.end] == token.text != ""
        assert token.start >= end_before
        end_before = token.end
        assert not any(c.isspace() or unicodedata.category(c) == "Cc" for c in token.text)
        assert token.known == (token.id != OUT_OF_VOCABULARY)
        assert PADDING < token.id < len(vocabulary)
    assert [(token.start, token.end) for token in tokens] == list(spans(review))
    assert vocabulary.encode(keys(review)).tolist() == [token.id for token in tokens]


@given(texts)
@settings(deadline=None, max_examples=300)
def test_every_letter_outside_tags_is_read(review: str) -> None:
    review = review.replace("<", "(")
    covered = {i for start, end in spans(review) for i in range(start, end)}
    assert all(i in covered for i, c in enumerate(review) if c.isalnum())


@given(texts)
@settings(deadline=None, max_examples=300)
def test_a_key_is_the_key_of_itself(review: str) -> None:
    for word in keys(review):
        assert word and key(word) == word


def test_every_character_there_is_has_a_key() -> None:
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code <= 0xDFFF:
            assert all(keys(chr(code))), hex(code)


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        ("", []),
        (" \t\n\r\x00\x1b\u200b", []),
        ("A great film.", ["A", "great", "film"]),
        ("didn't  film’s 'quoted' rock'n'roll", ["didn't", "film’s", "quoted", "rock'n'roll"]),
        ("dogs' o'", ["dogs", "o"]),
        ("ʼtis aʼb", ["ʼtis", "aʼb"]),
        ("7/10 8.5/10 10/10", ["7/10", "8.5/10", "10/10"]),
        ("1,000 3.5 1.000.000 1980s 80s 2nd", ["1,000", "3.5", "1.000.000", "1980s", "80s", "2nd"]),
        ("3. 4, .5", ["3", "4", "5"]),
        ("Wow!!! What?! No?", ["Wow", "!!!", "What", "?!", "No", "?"]),
        ("fine :) sad :-( wink ;-) =D :P", ["fine", ":)", "sad", ":-(", "wink", ";-)", "=D", ":P"]),
        (":Paul 10:30", ["Paul", "10", "30"]),
        ("well-made, half_baked", ["well", "made", "half", "baked"]),
        ("good<br /><br />bad", ["good", "bad"]),
        ('<i>Alien</i> <a href="http://x.example/?q=1">link</a>', ["Alien", "link"]),
        ("<!-- no --> yes", ["yes"]),
        ("1 < 2 and 3 > 2", ["1", "2", "and", "3", "2"]),
        ("I <3 it", ["I", "3", "it"]),
        ("<b <i>x</i>", ["b", "x"]),
        ("a <script type='x'>alert('x' < 1)</script >b<STYLE>.c{d}</STYLE> e", ["a", "b", "e"]),
        ("<script>never closed", ["never", "closed"]),
        (
            "this &amp; that &lt;b&gt; &#8212; &nbsp;don&#39;t film&rsquo;s",
            "this that b don&#39;t film&rsquo;s".split(),
        ),
        ("this & that; R&D; fish&chips", ["this", "that", "R", "D", "fish", "chips"]),
        ("<" + "a" * 400 + ">", ["a" * 400]),
        ("naïve café ÉCOLE", ["naïve", "café", "ÉCOLE"]),
        ("cafe\u0301 e\u0301te\u0301", ["cafe\u0301", "e\u0301te\u0301"]),
        ("\u0301 x", ["x"]),
        ("Фильм 電影 فيلم", ["Фильм", "電影", "فيلم"]),
        ("👍 great👍film 👩‍👩‍👧 ❤️", ["great", "film"]),
        ("a\x00b\x07c", ["a", "b", "c"]),
        ("$5 & 100% #1 @me", ["5", "100", "1", "me"]),
    ],
)
def test_tokens(review: str, expected: list[str]) -> None:
    assert words(review) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Great", "great"),
        ("DIDN’T", "didn't"),
        ("Don&#39;t", "don't"),
        ("aʼb", "a'b"),
        ("Café", "cafe"),
        ("cafe\u0301’s", "cafe's"),
        ("İstanbul", "istanbul"),
        ("straße", "straße"),
        ("ФИЛЬМ", "фильм"),
        ("!!!", "!"),
        ("?!!", "?"),
        ("!", "!"),
        ("7/10", "7/10"),
        (":)", ":)"),
        (":D", ":d"),
    ],
)
def test_keys(text: str, expected: str) -> None:
    assert key(text) == expected


def test_count_ranks_by_frequency_then_alphabet() -> None:
    documents = [["b", "c", "d"], ["c", "b"], ["c", "a"]]
    assert Vocabulary.count(documents, 5).words == (*RESERVED, "c", "b", "a")
    assert Vocabulary.count(iter(documents), 100).words == (*RESERVED, "c", "b", "a", "d")
    assert Vocabulary.count(documents, 2).words == RESERVED
    assert Vocabulary.count([], 10).words == RESERVED


def test_ids() -> None:
    vocabulary = Vocabulary((*RESERVED, "film", "film's", "director", "!"))
    assert len(vocabulary) == 6
    assert "film" in vocabulary and "nothing" not in vocabulary
    assert vocabulary.id("film") == 2
    assert vocabulary.id("film's") == 3
    assert vocabulary.id("director's") == 4, "an unknown possessive is read as its noun"
    assert vocabulary.id("nothing") == vocabulary.id("nothing's") == vocabulary.id("'s") == OUT_OF_VOCABULARY
    assert vocabulary.id(RESERVED[PADDING]) == OUT_OF_VOCABULARY, "no word may pass for padding"
    ids = vocabulary.encode(["film", "nothing", "!"])
    assert ids.dtype == np.int32
    assert ids.tolist() == [2, 1, 5]
    assert vocabulary.encode([]).shape == (0,)
    assert [(t.text, t.start, t.end, t.id, t.known) for t in vocabulary.tokenize("A Film’s end!!")] == [
        ("A", 0, 1, 1, False),
        ("Film’s", 2, 8, 3, True),
        ("end", 9, 12, 1, False),
        ("!!", 12, 14, 5, True),
    ]


@given(st.lists(texts.flatmap(lambda t: st.just(keys(t))), max_size=5))
@settings(deadline=None, max_examples=50)
def test_what_is_counted_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    counted = Vocabulary.count(documents, 1_000)
    counted.save(path)
    assert Vocabulary.load(path).words == counted.words
    assert path.read_text(encoding="utf-8").split("\n")[:-1] == list(counted.words), "line number = id"


def test_models_with_the_same_words_share_them(tmp_path: Path) -> None:
    vocabulary = Vocabulary((*RESERVED, "shared", "café"))
    for name in ("one", "two"):
        vocabulary.save(tmp_path / name)
    Vocabulary((*RESERVED, "other")).save(tmp_path / "three")
    one, two, three = (Vocabulary.load(tmp_path / name) for name in ("one", "two", "three"))
    assert one is two
    assert one.words == vocabulary.words
    assert three is not one
    (tmp_path / "one").write_bytes((tmp_path / "three").read_bytes())
    assert Vocabulary.load(tmp_path / "one").words == three.words, "a changed file is read anew"


@pytest.mark.parametrize(
    "content", [b"", b"a\nb\n", b"[padding]\n", b"\xff\xfe\x00", "\n".join((*RESERVED, "a", "a")).encode()]
)
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError):
        Vocabulary.load(path)


def test_a_missing_vocabulary_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Vocabulary.load(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("review", "expected"), [("", False), ("?! :) !!!", False), ("👍", False), (":) 7", True), ("é", True)]
)
def test_has_words(review: str, expected: bool) -> None:
    assert has_words(Vocabulary(RESERVED).tokenize(review)) is expected


def test_a_long_review_is_read_whole() -> None:
    tokens = Vocabulary((*RESERVED, "word")).tokenize("word " * 100_000)
    assert len(tokens) == 100_000
    assert (tokens[-1].start, tokens[-1].end) == (499_995, 499_999)
    assert words("x" * 5_000) == ["x" * 5_000]


@pytest.mark.parametrize(
    "unit",
    ["<", "<a", "<!--", "<!-", "a'", "'", "1", "1.", "1,1", "1/", "!", ":-", "a\u0301", "\u0301", "</", "<a ", "word "],
)
def test_time_grows_with_length_only(unit: str) -> None:
    """Four times the text takes about four times as long; a backtracking pattern would take sixteen."""

    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            keys(text)
            best = min(best, time.process_time() - started)
        return best

    short, long = unit * 10_000, unit * 40_000
    assert seconds(long) < 8 * seconds(short) + 0.05
