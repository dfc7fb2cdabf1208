"""What a soak calls a failure: an error, or a process that goes on growing; slow answers and a full start are none."""

from benchmarks.soak import GROWTH, Soak


def held(*ends: float) -> Soak:
    """A soak of one process whose memory is so many MB at evenly spaced times, 300 MB before."""
    return Soak("", seconds=[9.0] * 5, held={1: [300.0] * 5 + [end for end in ends for _ in range(10)]})


def test_a_process_that_fills_up_at_first_and_then_stays_is_well(capsys):
    assert held(340, 400, 400, 400, 400).report(2)
    assert "first 300 MB, last 400 MB, most 400 MB; +0 MB" in capsys.readouterr().out


def test_a_process_that_goes_on_growing_fails(capsys):
    assert not held(340, 400, 420, 440, 402 + GROWTH).report(2)
    assert f"(at most {GROWTH} MB)" in capsys.readouterr().out


def test_an_error_fails_and_is_told(capsys):
    soak = held(340, 340, 340)
    soak.errors.append("inside: ValueError: as it was")
    assert not soak.report(2)
    assert "0 connections lost, 1 error\n  inside: ValueError: as it was\n" in capsys.readouterr().out
