"""Where scored rows go: two runs at once, devices, pipes, links, and what broken-off runs have left."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from models.score import main
from models.scoring.output import OutputBusy, Part, Settled
from models.scoring.streaming import Progress, score_file
from tests.scoring_runs import command, stopped, task
from tests.scoring_runs import small_chunks as small_chunks
from tests.scoring_runs import source as source

ROOT = Path(__file__).resolve().parents[2]


WHOLE = {"rows": 2, "bytes": 8, "seen": [3, "a"], "settings": {}}


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


def test_a_held_part_raises_here(tmp_path):
    with Part(tmp_path / "b.csv").held(), pytest.raises(OutputBusy), Part(tmp_path / "b.csv").held():
        pass
