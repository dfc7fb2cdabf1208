"""The gate: so much at once, a bounded queue with places, and an end for work that nobody waits for any more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from components.session import work
from models.catalog import load_model
from models.compare.smallest_change import find_flip
from models.errors import ForeignNetworkError
from models.examples import EXAMPLES
from models.explain.attribution import integrated_gradients, occlusion
from models.explain.memory import fading
from models.jobs import gate as gates
from models.jobs import tasks
from models.jobs.gate import Busy, Gate, Piece
from models.jobs.worker import Worker
from models.scoring.decoding import TableError
from models.scoring.scoring import score
from models.sentiment import SentimentModel
from tests.waiting import alive, until

REVIEW = EXAMPLES[0].text


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate(slots=1, queue=3, per_owner=10)
    yield made
    made.close()


@pytest.fixture
def model(tiny_shelf: Path) -> SentimentModel:
    return load_model("gru", tiny_shelf)


def asked(task: str, *arguments: object) -> gates.Work:
    return (yield Piece(task, arguments))


def asked_often(task: str, *arguments: object) -> gates.Work:
    """So often that no machine is done with it while a test looks."""
    for _ in range(50):
        yield Piece(task, arguments)


def waits(let_go: threading.Event, seen: list[str] | None = None, name: str = "") -> gates.Work:
    """A job that holds its slot until it is let go."""

    def here(check: Callable[[], None]) -> None:
        if seen is not None:
            seen.append(name)
        while not let_go.wait(0.02):
            check()

    yield Piece(here=here)
    return name


def test_workers_compute_what_this_process_computes(gate: Gate, model: SentimentModel) -> None:
    named = tasks.named(model)
    trace = model.trace(REVIEW)
    jobs = [
        gate.submit(asked("score", [named], [REVIEW, "", "good " * 400], 1_000)),
        gate.submit(asked("flip", named, REVIEW, 20.0)),
        gate.submit(asked("credits", named, REVIEW, 400)),
        gate.submit(asked("sweep", [named], REVIEW, [2], [0, 20])),
    ]
    assert all(job.wait(60) for job in jobs)
    assert [job.error for job in jobs] == [""] * 4
    scored, flip, (without, along), [faded] = (job.result for job in jobs)
    here = score([model], [REVIEW, "", "good " * 400], 1_000)
    np.testing.assert_array_equal(scored.probabilities["gru"], here.probabilities["gru"])
    assert scored.notes == here.notes
    expected = find_flip(model, REVIEW)
    assert (flip.outcome, flip.edits, flip.text) == (expected.outcome, expected.edits, expected.text)
    np.testing.assert_allclose(without, occlusion(model, trace), atol=1e-6)
    np.testing.assert_allclose(along.credits, integrated_gradients(model.network, trace).credits, atol=1e-6)
    np.testing.assert_allclose(faded.logits, fading(model, REVIEW, 2, [0, 20]).logits, atol=1e-6)


def test_a_network_that_lies_on_no_shelf_goes_along(gate: Gate, model: SentimentModel) -> None:
    from dataclasses import replace

    stranger = SentimentModel(replace(model.card, folder=Path("/nowhere")), model.vocabulary, model.network)
    job = gate.submit(asked("score", [tasks.named(stranger)], [REVIEW], 1_000))
    assert job.wait(30) and not job.error
    assert job.result.probabilities["gru"][0] == model.predict([REVIEW])[0]


def test_who_is_beyond_the_queue_is_told_so_and_places_are_known(gate: Gate) -> None:
    let_go = threading.Event()
    first = gate.submit(waits(let_go))
    until(lambda: first.state == "running")
    waiting = [gate.submit(waits(let_go)) for _ in range(3)]
    assert [job.place for job in (first, *waiting)] == [0, 1, 2, 3]
    with pytest.raises(Busy):
        gate.submit(waits(let_go))
    waiting[0].cancel()
    assert [job.place for job in waiting] == [0, 1, 2]
    assert waiting[0].state == "cancelled"
    gate.submit(waits(let_go))
    let_go.set()


def test_one_visitor_has_so_many_jobs_and_no_more() -> None:
    gate, let_go = Gate(slots=1, queue=30, per_owner=2), threading.Event()
    try:
        for _ in range(2):
            gate.submit(waits(let_go), owner="a")
        with pytest.raises(Busy):
            gate.submit(waits(let_go), owner="a")
        gate.submit(waits(let_go), owner="b")
    finally:
        let_go.set()
        gate.close()


def test_only_so_many_are_at_work_at_once() -> None:
    gate, let_go, seen = Gate(slots=2, queue=10, per_owner=10), threading.Event(), []
    try:
        jobs = [gate.submit(waits(let_go, seen, str(number))) for number in range(5)]
        until(lambda: len(seen) == 2)
        time.sleep(0.3)
        assert len(seen) == 2
        assert gate.counts() == (2, 3)
        let_go.set()
        assert all(job.wait(5) for job in jobs)
        assert [job.result for job in jobs] == list("01234")
    finally:
        gate.close()


def test_a_training_takes_one_of_the_slots_and_leaves_one() -> None:
    gate, let_go, seen = Gate(slots=2, queue=10, per_owner=10), threading.Event(), []
    try:
        gate.lend()
        jobs = [gate.submit(waits(let_go, seen, str(number))) for number in range(3)]
        time.sleep(0.8)
        assert len(seen) == 1
        gate.give_back()
        until(lambda: len(seen) == 2)
        let_go.set()
        assert all(job.wait(5) for job in jobs)
    finally:
        let_go.set()
        gate.close()


def test_who_was_served_least_comes_next(gate: Gate) -> None:
    order: list[str] = []

    def sliced(name: str, pieces: int) -> gates.Work:
        for _ in range(pieces):
            yield Piece(here=lambda check: (order.append(name), time.sleep(0.05)))

    long = gate.submit(sliced("long", 6))
    until(lambda: len(order) >= 2)
    short = gate.submit(sliced("short", 1))
    assert long.wait(10) and short.wait(10)
    assert order.index("short") < len(order) - 2


@pytest.mark.parametrize("task", ["flip", "credits"])
def test_work_ends_within_two_seconds_of_its_visitor(tiny_shelf: Path, task: str) -> None:
    gate = Gate(slots=1, queue=5, per_owner=10)
    model = load_model("lstm")
    review = " ".join(["dull and good"] * (110 if task == "flip" else 490))
    arguments = (tasks.named(model), review, 20.0 if task == "flip" else 0)
    here = [True]
    try:
        at_work = gate.submit(asked_often(task, *arguments), alive=lambda: here[0])
        behind = gate.submit(asked_often(task, *arguments), alive=lambda: here[0])
        until(lambda: at_work.state == "running")
        time.sleep(1.5)
        assert at_work.running
        here[0] = False
        gone = time.monotonic()
        assert at_work.wait(2) and behind.wait(2)
        assert time.monotonic() - gone < 2
        assert (at_work.state, behind.state) == ("cancelled", "cancelled")
        again = gate.submit(asked("score", [arguments[0]], ["A good film."], 100))
        assert again.wait(30) and again.state == "done"
    finally:
        gate.close()


def test_an_error_is_told_by_name_and_the_next_job_is_served(gate: Gate, model: SentimentModel) -> None:
    nowhere = tasks.OnShelf(Path("/nowhere/gru"), "0")
    failed = gate.submit(asked("score", [nowhere], ["secret text"], 100))
    assert failed.wait(30)
    assert (failed.state, failed.error) == ("failed", "UnknownModel")
    job = gate.submit(asked("score", [tasks.named(model)], [REVIEW], 1_000))
    assert job.wait(30) and job.state == "done"


def test_what_is_wrong_with_a_file_comes_back_in_its_own_words(gate: Gate) -> None:
    def damaged() -> Iterator[Piece]:
        yield Piece("reviews", (b"\x89PNG" * 20, "a.csv", None, None, None, 4, 10, 100))

    def refused(_: Callable[[], None]) -> None:
        raise ForeignNetworkError("It is empty.", "model.save()")

    def empty() -> Iterator[Piece]:
        yield Piece(here=refused)

    first, second = gate.submit(damaged()), gate.submit(empty())
    assert first.wait(20) and second.wait(20)
    assert isinstance(first.raised, TableError) and "a picture (PNG)" in first.raised.reason
    assert isinstance(second.raised, ForeignNetworkError) and second.raised.remedy == "model.save()"


def test_a_worker_that_is_killed_fails_its_job_and_is_replaced(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Worker] = []
    monkeypatch.setattr(gates, "Worker", lambda: made.append(Worker()) or made[-1])
    model = tasks.named(load_model("lstm"))
    job = gate.submit(asked("flip", model, " ".join(["wonderful and superb"] * 110), 20.0))
    until(lambda: bool(made) and job.state == "running")
    os.kill(made[0].pid, signal.SIGKILL)
    assert job.wait(10)
    assert (job.state, job.error) == ("failed", "WorkerDied")
    after = gate.submit(asked("score", [model], [REVIEW], 1_000))
    assert after.wait(30) and after.state == "done"
    assert len(made) == 2


def test_a_worker_that_takes_too_much_memory_meets_an_error(
    gate: Gate, model: SentimentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_WORK_MEMORY", "150")
    job = gate.submit(asked("score", [tasks.named(model)], ["a b c " * 5_000_000], 10**9))
    assert job.wait(60)
    assert job.state == "failed"


def test_workers_know_no_tensorflow_are_niced_and_end_with_their_server(tmp_path: Path) -> None:
    script = tmp_path / "serves.py"
    script.write_text(
        "import time\n"
        "from models.jobs.worker import Worker\n"
        "from models.jobs.tasks import OnShelf\n"
        "from models.catalog import PRETRAINED\n"
        "worker = Worker()\n"
        "worker.ask('score', ([OnShelf(PRETRAINED / 'gru', '')], ['A good film.'], 100))\n"
        "while worker.answer(1) is None: pass\n"
        "print(worker.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    server = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    )
    pid = int(server.stdout.readline())
    maps = Path(f"/proc/{pid}/maps").read_text()
    assert "numpy" in maps and "tensorflow" not in maps
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    server.kill()
    server.wait()
    until(lambda: not alive(pid))


def test_a_closed_gate_lets_nobody_in_and_ends_what_was_there() -> None:
    gate, let_go = Gate(slots=1, queue=5, per_owner=5), threading.Event()
    jobs = [gate.submit(waits(let_go)) for _ in range(2)]
    until(lambda: jobs[0].state == "running")
    gate.close()
    assert [job.state for job in jobs] == ["cancelled", "cancelled"]
    with pytest.raises(Busy):
        gate.submit(waits(let_go))


def test_pages_look_less_often_where_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [1, 0]
    monkeypatch.setattr(work, "gate", lambda: SimpleNamespace(counts=lambda: counts))
    assert work.look_every(1.0, 0.25) == 1.0
    counts[:] = [2, 28]
    every = work.look_every(1.0, 0.25)
    assert every == 7.5  # thirty pages look four times a second, all together
    assert not work.looks_too_seldom(every, 1.0, 0.25)
    counts[:] = [2, 10]
    assert work.looks_too_seldom(every, 1.0, 0.25)
