"""What a link carries comes back exactly, or not at all."""

from __future__ import annotations

import base64
import contextlib
import random
import string
import time
import tracemalloc
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.session import links
from models.examples import EXAMPLES


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(st.text())
def test_any_text_comes_back_exactly(text: str) -> None:
    value = links.encode(text)
    assert set(value) <= set(string.ascii_letters + string.digits + "-_")
    assert links.decode(value) == text


@given(st.text(max_size=300))
def test_any_value_is_a_text_or_refused(value: str) -> None:
    with contextlib.suppress(links.BadText):
        assert isinstance(links.decode(value), str)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_text_or_refused(data: bytes) -> None:
    for value in (packed(data), packed(zlib.compress(data))):
        with contextlib.suppress(links.BadText):
            assert isinstance(links.decode(value), str)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_shortened_or_changed_link_is_refused(example) -> None:
    value = links.encode(example.text)
    for end in range(len(value)):
        with pytest.raises(links.BadText):
            links.decode(value[:end])
    for place in range(0, len(value) - 1, 7):  # the last letter has spare bits that mean nothing
        other = "A" if value[place] != "A" else "B"
        with pytest.raises(links.BadText):
            links.decode(value[:place] + other + value[place + 1 :])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "=",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "A" * (links.MOST_URL + 1),
        packed(b"plain bytes"),
        packed(zlib.compress(b"\xff\xfe not UTF-8 \xff")),
        packed(zlib.compress(b"fine") + b"and more"),
        packed(zlib.compress(b"x" * (links.MOST_BYTES + 1))),
    ],
)
def test_hostile_values_are_refused(value: str) -> None:
    with pytest.raises(links.BadText):
        links.decode(value)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(zlib.compress(b"\0" * 4_000_000, 9))
    assert len(bomb) <= links.MOST_URL
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(links.BadText):
        links.decode(bomb)
    assert time.perf_counter() - began < 0.5
    assert tracemalloc.get_traced_memory()[1] < 6 * links.MOST_BYTES
    tracemalloc.stop()


def test_what_cannot_be_decoded_is_not_encoded() -> None:
    assert links.decode(links.encode("x" * links.MOST_BYTES)) == "x" * links.MOST_BYTES
    for text in ("x" * (links.MOST_BYTES + 1), "\ud800"):
        with pytest.raises(links.BadText):
            links.encode(text)


def test_links_keep_to_their_length_and_parameters() -> None:
    url = links.link("https://a.example/base/inside?old=1#part", {"model": "lstm", "runs": ["gru", "a b&c"]})
    assert url == "https://a.example/base/inside?model=lstm&runs=gru&runs=a+b%26c"
    assert links.link("http://127.0.0.1:8501", {}) == "http://127.0.0.1:8501/"
    noise = "".join(random.Random(1).choices(string.ascii_letters, k=9_000))
    with pytest.raises(links.TooLong) as refused:
        links.link("http://a.example/", {"text": links.encode(noise)})
    assert refused.value.length > links.MOST_URL
    example = links.link("http://a.example/", {"text": links.encode(EXAMPLES[-1].text)})
    assert len(example) < 2_000 and links.decode(parse_qs(urlsplit(example).query)["text"][0]) == EXAMPLES[-1].text


def test_the_frame_escapes_the_address() -> None:
    code = links.frame('http://a.example/?a=1&b="><script>')
    assert code.count("<") == 2 and "&amp;b=&quot;&gt;&lt;script&gt;" in code


@pytest.mark.parametrize(
    ("value", "number"),
    [("1", 1), ("48", 48), ("0", None), ("-1", None), ("1e3", None), ("", None), ("9" * 5_000, None), ("٣", None)],
)
def test_whole_numbers(value: str, number: int | None) -> None:
    assert links.whole_number(value) == number
