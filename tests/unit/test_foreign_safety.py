"""A stranger's file: read as data in a process of its own, or refused in one clear line; never more than that."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from models.errors import ForeignNetworkError
from models.foreign import safe_file
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from tests import hostile, network_files

ROOT = Path(__file__).resolve().parents[2]
CORPUS = hostile.corpus()
MOST_SECONDS, MOST_MEGABYTES = 2.0, 300


@pytest.mark.parametrize("name", network_files.VALID)
def test_what_the_corpus_is_made_from_is_read(name: str) -> None:
    plan = read_plan(network_files.VALID[name](), name)
    words = Words("list", {f"w{i}": i for i in range(2, 12)}, Preparation())
    assert 0 < float(assemble(plan, words, Preparation()).predict(["w2 w3 w11"])[0]) < 1


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(CORPUS) >= 60


def one_line(message: str) -> bool:
    """Whether it is an answer for a visitor: a sentence or two, and nothing of our own insides."""
    insides = ("\n", "Traceback", "Error(", "models.foreign", "None")
    return 10 < len(message) < 260 and not any(word in message for word in insides)


@pytest.mark.parametrize("name", list(CORPUS)[::6])  # each is a process of its own; all of them below
def test_hostile_files_are_refused_in_one_line(name: str) -> None:
    with pytest.raises(ForeignNetworkError) as refused:
        read_plan(CORPUS[name], name)
    assert one_line(str(refused.value))
    assert not Path("/tmp/unrolled-was-here").exists()


@pytest.mark.slow
def test_each_refusal_is_quick_and_small() -> None:
    """Of the whole corpus: each in one line, and the largest time and memory of a child, measured by the system."""
    script = textwrap.dedent(
        f"""
        import json, resource, sys
        sys.path.insert(0, {str(ROOT)!r})
        from models.errors import ForeignNetworkError
        from models.foreign.open import read_plan
        from tests import hostile

        def used():
            spent = resource.getrusage(resource.RUSAGE_CHILDREN)
            return spent.ru_utime + spent.ru_stime

        found = {{}}
        for name, data in hostile.corpus().items():
            before = used()
            try:
                message = "read: " + str(read_plan(data, name))
            except ForeignNetworkError as error:
                message = str(error)
            found[name] = message, used() - before
        print(json.dumps([found, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
        """
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=500, check=True)
    found, megabytes = json.loads(done.stdout)
    assert found.keys() == CORPUS.keys()
    assert {name: said for name, (said, _) in found.items() if said.startswith("read: ") or not one_line(said)} == {}
    assert {name: seconds for name, (_, seconds) in found.items() if seconds >= MOST_SECONDS} == {}
    assert megabytes < MOST_MEGABYTES
    assert not Path("/tmp/unrolled-was-here").exists()


def test_the_child_can_open_nothing() -> None:
    """After it has given up its rights, neither a file nor a connection can be opened, and no file be written."""
    script = textwrap.dedent(
        f"""
        import sys
        sys.path.insert(0, {str(ROOT)!r})
        from models.foreign.child import limit
        import os, socket
        limit(1000, 5)
        for name, attempt in (
            ("read", lambda: open("/etc/hostname")),
            ("write", lambda: open("/tmp/unrolled-child", "w")),
            ("connect", lambda: socket.socket()),
            ("memory", lambda: bytearray(2_000_000_000)),
        ):
            try:
                attempt()
            except (OSError, MemoryError):
                continue
            os.write(1, name.encode() + b" ")
        os.write(1, b"tried")
        """
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert done.stdout == b"tried"


def test_a_child_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_file, "_START", "import time; time.sleep(60)")
    monkeypatch.setenv("UNROLLED_NETWORK_SECONDS", "0")
    started = time.monotonic()
    with pytest.raises(ForeignNetworkError, match="given up"):
        read_plan(network_files.keras(), "network.keras")
    assert time.monotonic() - started < 20


@pytest.mark.slow
@pytest.mark.parametrize("name", network_files.VALID)
def test_flipped_bytes_never_crash_or_hang(name: str) -> None:
    """500 byte-flips of each valid file: refused, or read as numbers; in one child process a hundred at a time."""
    script = textwrap.dedent(
        f"""
        import io, sys, random
        sys.path.insert(0, {str(ROOT)!r})
        from models.foreign.archive import Refused
        from models.foreign.child import take_apart, limit
        from tests import hostile, network_files
        good, source = network_files.VALID[{name!r}](), random.Random(int(sys.argv[1]))
        limit(1000, 100)
        for _ in range(100):
            flipped = bytearray(good)
            for _ in range(source.randint(1, 4)):
                flipped[source.randrange(len(flipped))] ^= 1 << source.randrange(8)
            try:
                take_apart(io.BytesIO(bytes(flipped)), 100_000_000, 30_000_000)
            except (Refused, MemoryError, Exception):
                pass
        print("survived")
        """
    )
    for seed in range(5):
        done = subprocess.run([sys.executable, "-c", script, str(seed)], capture_output=True, timeout=200, check=False)
        assert done.stdout == b"survived\n" or done.returncode < 0, done.stderr[-500:]


@pytest.mark.slow
@pytest.mark.parametrize("name", network_files.VALID)
def test_flipped_bytes_end_in_a_network_or_in_one_line(name: str) -> None:
    """The whole way, with the child of its own, of some of them."""
    good, source = network_files.VALID[name](), random.Random(3)
    for _ in range(12):
        flipped = bytearray(good)
        flipped[source.randrange(len(flipped))] ^= 1 << source.randrange(8)
        try:
            found = read_plan(bytes(flipped), name)
        except ForeignNetworkError as refused:
            found = str(refused)
        assert "\n" not in found if isinstance(found, str) else found.recurrent


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [("MEGABYTES", "0", "MB"), ("PARAMETERS", "50", "parameters"), ("UNITS", "1", "of 1 numbers"),
     ("WORDS", "0", "words"),     ("LAYERS", "0", "layers")],
)  # fmt: skip
def test_the_ceilings_are_the_operators(
    setting: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"UNROLLED_NETWORK_{setting}", value)
    if setting == "WORDS":
        from models.foreign.words import read_words

        with pytest.raises(ForeignNetworkError, match=message):
            read_words(b"good\nfilm\n")
        return
    with pytest.raises(ForeignNetworkError, match=message):
        read_plan(network_files.keras(), "network.keras")
    monkeypatch.delenv(f"UNROLLED_NETWORK_{setting}")
    assert read_plan(network_files.keras(), "network.keras").recurrent


def test_a_folder_is_answered_with_the_line_that_makes_a_file(tmp_path: Path) -> None:
    with pytest.raises(ForeignNetworkError) as refused:
        read_plan(tmp_path)
    assert ".save(" in refused.value.remedy


@pytest.mark.parametrize(
    ("data", "name"),
    [(network_files.h5(network_files.weights()), "model.weights.h5"), (b"\x00" * 64, "cp.ckpt.data-00000-of-00001")],
)
def test_weights_alone_are_answered_with_the_line_that_puts_them_into_their_network(data: bytes, name: str) -> None:
    with pytest.raises(ForeignNetworkError, match="weights alone") as refused:
        read_plan(data, name)
    assert "load_weights(" in refused.value.remedy and ".save(" in refused.value.remedy
