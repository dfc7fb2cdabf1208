"""Three processes behind nginx under load: one is killed, then all are restarted. What visitors met is printed.

python -m benchmarks.replicas [--visitors 20] [--pause 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.replicas import Experience, Replicas, a_class


def report(what: str, met: list[Experience]) -> bool:
    """Print one line about a class; returns whether nobody lost anything."""
    answers, reconnects = sum(one.answers for one in met), sum(one.reconnects for one in met)
    lost = [error for one in met for error in one.lost]
    slowest = max(one.slowest for one in met)
    print(f"{what}: {answers:,} answers, {reconnects} reconnects, {len(lost)} lost, slowest answer {slowest:.1f} s")
    for error in lost:
        print(f"  {error}")
    return not lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two clicks of a visitor")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Replicas(Path(folder)) as replicas:
        with a_class(replicas, given.visitors, given.pause) as met:
            time.sleep(10)
        well = report("undisturbed", met)
        with a_class(replicas, given.visitors, given.pause) as met:
            time.sleep(3)
            replicas.servers[0].process.kill()
            replicas.servers[0].process.wait()
            time.sleep(7)
        well &= report("one killed", met)
        replicas.restart(0)
        with a_class(replicas, given.visitors, given.pause) as met:
            time.sleep(3)
            for number in range(3):
                replicas.restart(number)
            time.sleep(3)
        well &= report("all restarted, one by one", met)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
