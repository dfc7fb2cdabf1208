"""Where rows go and what may happen on the way: two runs at once, a changed input, devices, pipes, orphans, workers."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.catalog import load_model
from models.score import main
from models.scoring import streaming
from models.scoring.output import OutputBusy, Part, Settled
from models.scoring.processes import WorkerLost, cores, scored_ahead
from models.scoring.source import InputChanged, WatchedSource
from models.scoring.streaming import Progress, Task, UnfinishedRun, score_file

ROOT = Path(__file__).resolve().parents[2]
NAME = "article_simple_rnn"
WHOLE = {"rows": 2, "bytes": 8, "seen": [3, "a"], "settings": {}}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "CHUNK_ROWS", 16)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("id,review\n" + "".join(f"{i:04},a good film number {i:04} of many\n" for i in range(160)))
    return path


def task(source: Path, name: str = "b.csv", **more) -> Task:
    return Task(source, source.with_name(name), (load_model(NAME),), column="review", **more)


def stopped(work: Task, after: int = 2) -> None:
    """A run that is interrupted after so many chunks."""
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(work, stop)


def command(source: Path, output: Path | str, *more: str) -> list[str]:
    return [str(source), "--model", NAME, "--column", "review", "--output", str(output), *more]


def test_the_second_run_into_one_output_is_told_and_the_first_one_is_whole(source, tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("review\n" + "an awful film\n" * 160)
    statuses: list[int] = []

    def meanwhile(progress: Progress) -> None:
        if not statuses:
            statuses.append(main(command(other, tmp_path / "b.csv")))
            statuses.append(main(command(other, tmp_path / "link.csv", "--restart")))

    (tmp_path / "link.csv").symlink_to(tmp_path / "b.csv")
    score_file(task(source, "b.csv"), meanwhile)
    assert statuses == [2, 2]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and all("another run is writing to" in line for line in lines)
    assert (tmp_path / "b.csv").read_text().count("a good film number") == 160
    assert "awful" not in (tmp_path / "b.csv").read_text()


def test_the_second_run_is_told_by_another_process_too(source, tmp_path):
    with Part(tmp_path / "b.csv").held():
        run = [sys.executable, "-m", "models.score", *command(source, tmp_path / "b.csv")]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "another run is writing to" in done.stderr


def test_who_waited_for_a_run_that_has_finished_does_not_write_into_its_result(source, tmp_path, monkeypatch):
    """Between opening the part and holding it, the other run ends and gives the part its name."""
    finished = tmp_path / "b.csv"
    part, real, calls = Part(finished), os.open, []

    def late(path, *options):
        file = real(path, *options)
        if Path(path) == part.path and not calls:
            calls.append(1)
            part.path.write_text("the other's result")
            os.replace(part.path, finished)
        return file

    monkeypatch.setattr(os, "open", late)
    with part.held() as file:
        file.write(b"mine")
    assert finished.read_text() == "the other's result" and part.path.read_text() == "mine"


@pytest.mark.parametrize("place", [0, 20, 60, 3_000])
def test_a_changed_input_is_noticed_when_a_run_is_gone_on_with(source, place):
    """Of the same size, changed at the head, among the rows that are done, and where it was read ahead."""
    stopped(task(source))
    data = bytearray(source.read_bytes())
    times = source.stat()
    place = min(place, len(data) - 10)
    data[place : place + 2] = b"xx" if data[place : place + 2] != b"xx" else b"yy"
    source.write_bytes(data)
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a tool that keeps times would
    with pytest.raises((UnfinishedRun), match="--restart"):
        score_file(task(source))
    assert score_file(task(source, restart=True)) == 160


def test_an_input_that_changes_in_the_middle_of_a_run_is_noticed(source):
    def change(progress: Progress) -> None:
        source.write_text(source.read_text().replace("good", "evil"))
        os.utime(source, (1, 1))

    with pytest.raises(InputChanged, match="changed"):
        score_file(task(source), change)
    assert not source.with_name("b.csv").exists()


def test_a_touched_input_of_the_same_content_is_gone_on_with(source):
    stopped(task(source))
    os.utime(source, (1, 1))
    seen: list[Progress] = []
    assert score_file(task(source), seen.append) == 160
    assert seen[0].before == 32


def test_what_is_read_is_hashed_once_whatever_the_order(source):
    with WatchedSource(source) as watched:
        file = watched.buffered
        file.read(100)
        file.seek(0)
        file.read(50)
        file.seek(-10, os.SEEK_END)
        file.read()
        length, _ = watched.seen
        file.seek(0)
        file.read()
        assert watched.begins_as(*watched.seen) and watched.seen[0] == source.stat().st_size >= length
        assert not watched.begins_as(watched.seen[0] + 1, watched.seen[1])


@pytest.fixture
def full_device(tmp_path: Path) -> Path:
    """A device that is always full: one of our own where we may make it, so that a failing test spoils no other."""
    real = Path("/dev/full")
    if not real.is_char_device():
        pytest.skip("there is no /dev/full")
    if os.geteuid():
        return real  # nobody but root could replace it
    try:
        os.mknod(tmp_path / "full", 0o666 | stat.S_IFCHR, real.stat().st_rdev)
        (tmp_path / "full").open("wb").close()
    except OSError:
        pytest.skip("devices cannot be made here, and root's mistakes would replace the real one")
    return tmp_path / "full"


def test_a_full_device_is_said_and_not_replaced(full_device, source, tmp_path, capsys):
    assert main(command(source, full_device)) == 2
    printed = capsys.readouterr().err
    assert "No space left" in printed and printed.count("\n") == 1
    link = tmp_path / "link.csv"
    link.symlink_to(full_device)
    assert main(command(source, link)) == 2
    assert link.is_symlink() and full_device.is_char_device()
    assert not list(full_device.parent.glob("full.*")) and not list(tmp_path.glob("*.part*"))


def test_a_pipe_is_written_to(source, tmp_path, capsys):
    score_file(task(source, "whole.csv"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert main(command(source, pipe)) == 0
    reader.join(30)
    assert read == [(tmp_path / "whole.csv").read_bytes()]
    assert pipe.is_fifo() and not capsys.readouterr().out


def test_a_link_to_a_file_stays_one(source, tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "kept.csv").write_text("old")
    (tmp_path / "b.csv").symlink_to(tmp_path / "far" / "kept.csv")
    score_file(task(source))
    assert (tmp_path / "b.csv").is_symlink()
    assert (tmp_path / "far" / "kept.csv").read_text().startswith("id,review,")


def test_what_broken_off_runs_have_left_is_named_and_goes(source, tmp_path):
    (tmp_path / "b.csv.part").write_bytes(b"nothing is known of this")
    (tmp_path / "b.csv.part.json.new").write_text("{")
    stopped(task(source, "c.csv"))
    lines: list[str] = []
    score_file(task(source), say=lines.append)
    assert [line.rsplit(": ")[1].split(" ")[0] for line in lines] == [
        "b.csv.part", "b.csv.part.json.new", "c.csv.part",
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "c.csv.part", "c.csv.part.json"]
    lines.clear()
    score_file(task(source, "c.csv"), say=lines.append)
    assert lines == ["going on after 32 rows of an unfinished run"]


@pytest.mark.parametrize(
    "wrong",
    [
        {}, [], None, {"rows": 1}, {**WHOLE, "rows": 0}, {**WHOLE, "rows": 1.5}, {**WHOLE, "rows": "2"},
        {**WHOLE, "bytes": 9}, {**WHOLE, "seen": [1]}, {**WHOLE, "seen": [-1, "a"]}, {**WHOLE, "seen": [1, 2]},
        {**WHOLE, "settings": []}, {**WHOLE, "more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_checkpoint_that_is_not_whole_is_none(wrong, tmp_path):
    part = Part(tmp_path / "b.csv")
    part.path.write_bytes(b"12345678")
    part.checkpoint.write_text(json.dumps(WHOLE))
    assert part.settled() == Settled(2, 8, [3, "a"], {})
    part.checkpoint.write_text(json.dumps(wrong))
    assert part.settled() is None


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
    for _ in range(150):
        if not any(alive(pid) for pid in children):
            return
        time.sleep(0.1)
    raise AssertionError("workers go on without the command")


def alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_jobs_are_a_number_and_all_cores_unless_said(source, tmp_path, capsys):
    assert cores() == len(os.sched_getaffinity(0))
    for wrong in ("0", "-1", "two"):
        with pytest.raises(SystemExit):
            main(command(source, tmp_path / "b.csv", "--jobs", wrong))
    assert "whole number" in capsys.readouterr().err


def test_a_held_part_raises_here(tmp_path):
    with Part(tmp_path / "b.csv").held(), pytest.raises(OutputBusy), Part(tmp_path / "b.csv").held():
        pass
