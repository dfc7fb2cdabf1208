"""The file that is scored: whether it is the same one when a run is gone on with, or ends."""

from __future__ import annotations

import os

import pytest

from models.scoring.source import InputChanged, WatchedSource
from models.scoring.streaming import Progress, UnfinishedRun, score_file
from tests.scoring_runs import small_chunks as small_chunks
from tests.scoring_runs import source as source
from tests.scoring_runs import stopped, task


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
