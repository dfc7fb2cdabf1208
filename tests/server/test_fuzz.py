"""Files and links by the thousand, made by chance: whatever is in them, nothing comes out but our own errors.

Two minutes in the slow lane; ``UNROLLED_FUZZ_SECONDS=20`` for less. A failure names the seed that makes it
again: ``UNROLLED_FUZZ_SEED``.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest

from components.session import links
from models import histories, text
from models.errors import ForeignNetworkError
from models.foreign.check import pasted_ids
from models.foreign.words import read_words
from models.history.run import HistoryError
from models.scoring import reviews
from models.scoring.decoding import TableError
from models.scoring.export import csv_bytes

pytestmark = pytest.mark.slow
SECONDS = float(os.environ.get("UNROLLED_FUZZ_SECONDS", "120"))
SEED = os.environ.get("UNROLLED_FUZZ_SEED")
SLOW = 2.0  # seconds of work; nothing made here is longer than 20 kB

PIECES = (
    "review,label\n", "1,good film,pos\n", '"', '""', ",", ";", "\t", "\r\n", "\n", "\r", "\x85", "\u2028", "\ufeff",
    "\x00", "\x1b[31m", "é", "\U0001d518", "\ud800", "=cmd|' /C calc'!A0", "@SUM(1)", "\u200b=1+1", "<script>", "![x](http://a)",
    "{", "}", "[", "]", ":", '{"review": "a", "label": 1}\n', '{"loss": [1, 2], "val_loss": [NaN, 1e400]}',
    "{'loss': [1, 2]}", "epoch,loss,accuracy\n", "0,0.5,0.7\n", "Epoch 1/3\n", "10/10 [====] - 1s - loss: 0.5\n",
    "null", "true", "-1e999", "9" * 400, "__label__1 ", "sep=;\n", "a" * 3_000, "nan", "inf", "(", ")", "\\u0000",
    "word_index", '{"the": 1, "[UNK]": 2}', "0.5",
)  # fmt: skip
MARKS = (
    b"",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"PK\x03\x04",
    b"\x89HDF\r\n\x1a\n",
    b"\x80\x04\x95",
    b"\x1f\x8b",
)
ENDINGS = ("a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt", "a", "a.xlsx", "events.out.tfevents.1")


def made(chance: random.Random) -> bytes:
    """A file by chance: pieces that mean something somewhere, with bytes among them that do not."""
    parts = [chance.choice(PIECES).encode("utf-8", "surrogatepass") for _ in range(chance.randrange(1, 60))]
    data = bytearray(chance.choice(MARKS) + b"".join(parts) * chance.choice((1, 1, 1, 5)))[:20_000]
    for _ in range(chance.choice((0, 0, 1, 20))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.1:
        data = bytearray(bytes(data).decode("utf-8", "replace").encode("utf-16"))
    return bytes(data)


def table(data: bytes, name: str, chance: random.Random) -> None:
    found = reviews.read(data, name, None, chance.choice((None, True, False)), None, 4, 200, 5_000)
    rows = [found.table.fitted(row, 0) for row in found.rows]
    assert {len(row) for row in rows} == {len(found.table.columns)}
    csv_bytes([found.table.columns, *rows]).decode()


def history(data: bytes, name: str, chance: random.Random) -> None:
    for run in histories.visitors_runs(data, 1, name):
        assert run.rows and len(run.positions) == run.rows


def vocabulary(data: bytes, name: str, chance: random.Random) -> None:
    assert read_words(data, name).ids


def typed(data: bytes, name: str, chance: random.Random) -> None:
    content = data.decode("utf-8", "replace")
    assert all(content[start:end] for start, end in text.spans(content))
    pasted_ids(content)
    json.dumps(links.encode(content))
    assert links.decode(links.encode(content)) == content


def link(data: bytes, name: str, chance: random.Random) -> None:
    value = list(links.encode(data.decode("utf-8", "replace")))
    if chance.random() < 0.9:
        value[chance.randrange(len(value))] = chance.choice("aA9-_!%é")
    links.decode("".join(value[: chance.choice((None, None, 40, -1))]))


ALLOWED: dict[Callable[[bytes, str, random.Random], None], tuple[type[Exception], ...]] = {
    table: (TableError,), history: (HistoryError,), vocabulary: (ForeignNetworkError,),
    typed: (links.BadText,), link: (links.BadText,),
}  # fmt: skip


def test_whatever_is_in_them_nothing_comes_out_but_our_own_errors() -> None:
    until = time.monotonic() + SECONDS
    seed = int(SEED) if SEED else random.SystemRandom().randrange(2**48)
    counts: Counter[str] = Counter()
    while time.monotonic() < until:
        chance = random.Random(seed)
        data, name, reader = made(chance), chance.choice(ENDINGS), chance.choice(list(ALLOWED))
        began = time.thread_time()
        try:
            reader(data, name, chance)
            counts[f"{reader.__name__} read"] += 1
        except ALLOWED[reader]:
            counts[f"{reader.__name__} refused"] += 1
        except BaseException as error:
            raise AssertionError(f"{reader.__name__} of UNROLLED_FUZZ_SEED={seed}") from error
        assert time.thread_time() - began < SLOW, f"{reader.__name__} of UNROLLED_FUZZ_SEED={seed} is slow"
        if SEED:
            break
        seed += 1
    both = [f"{reader.__name__} {how}" for reader in (table, history, vocabulary, link) for how in ("read", "refused")]
    assert SEED or all(counts[what] for what in (*both, "typed read"))
