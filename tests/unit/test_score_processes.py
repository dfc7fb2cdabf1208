"""Scoring in several processes: the same bytes, only a little ahead, and nothing lost when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.catalog import load_model
from models.score import main
from models.scoring.processes import WorkerLost, cores, scored_ahead
from models.scoring.streaming import Progress, score_file
from tests.scoring_runs import NAME, command, stopped, task
from tests.scoring_runs import small_chunks as small_chunks
from tests.scoring_runs import source as source
from tests.waiting import alive, until

ROOT = Path(__file__).resolve().parents[2]


def test_several_processes_write_the_same_bytes(source):
    score_file(task(source, "one.csv"))
    stopped(task(source, "three.csv", jobs=3), after=3)
    score_file(task(source, "three.csv", jobs=2))
    assert source.with_name("three.csv").read_bytes() == source.with_name("one.csv").read_bytes()


def test_chunks_are_read_only_a_little_ahead():
    taken: list[int] = []

    def chunks():
        for i in range(40):
            taken.append(i)
            yield i, [f"good film {i}"] * 3

    scored = scored_ahead((load_model(NAME),), chunks(), jobs=2)
    assert [next(scored)[0] for _ in range(5)] == list(range(5))
    assert len(taken) <= 5 + 3
    scored.close()


def test_a_killed_worker_is_said_and_nothing_settled_is_lost(source, monkeypatch):
    score_file(task(source, "whole.csv"))
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        for pid in children:
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes() and not killed:
                os.kill(int(pid), signal.SIGKILL)
                killed.append(int(pid))

    with pytest.raises(WorkerLost, match="the same command"):
        score_file(task(source, jobs=2), kill)
    assert killed
    seen: list[Progress] = []
    score_file(task(source, jobs=2), seen.append)
    assert seen[0].before > 0
    assert source.with_name("b.csv").read_bytes() == source.with_name("whole.csv").read_bytes()


def test_workers_end_when_the_command_is_killed(source, tmp_path):
    source.write_text("review\n" + "a good film\n" * 200_000)
    run = [sys.executable, "-m", "models.score", *command(source, tmp_path / "b.csv", "--jobs", "2")]
    process = subprocess.Popen(run, cwd=ROOT, stderr=subprocess.DEVNULL)
    children: list[str] = []
    for _ in range(600):
        time.sleep(0.1)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if (tmp_path / "b.csv.part.json").exists() and len(children) >= 2:
            break
    process.kill()
    process.wait()
    assert len(children) >= 2
    until(lambda: not any(alive(int(pid)) for pid in children))


def test_jobs_are_a_number_and_all_cores_unless_said(source, tmp_path, capsys):
    assert cores() == len(os.sched_getaffinity(0))
    for wrong in ("0", "-1", "two"):
        with pytest.raises(SystemExit):
            main(command(source, tmp_path / "b.csv", "--jobs", wrong))
    assert "whole number" in capsys.readouterr().err
