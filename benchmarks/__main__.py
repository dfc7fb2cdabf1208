"""All benchmarks one after the other, and one table of what they came to; the hour of ``benchmarks.soak`` is apart.

    python -m benchmarks [NAME ...]

Each is a module of this folder with a ``main``; it prints its own rows, and exits with 0 where its targets are met and
with 1 where one is missed. On a machine that does anything else meanwhile, only ratios mean something.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

ALL = (
    "trace_speed",
    "score_speed",
    "train_speed",
    "pages_under_load",
    "in_browser",
    "beside_heavy_work",
    "replicas",
    "class_load",
    "brought_network",
    "table_readers",
)
OUTCOMES = {0: "targets met", 1: "a target is missed", 2: "could not be measured"}


def main() -> int:
    """Run those that are named, or all; returns 1 if any of them missed a target or could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)} (default: all)")
    asked = parser.parse_args().names or list(ALL)
    unknown = [name for name in asked if name not in ALL]
    if unknown:
        parser.exit(2, f"python -m benchmarks: there is no {unknown[0]!r}; there are {', '.join(ALL)}\n")
    rows = []
    for name in asked:
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        status = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        rows.append((name, f"{time.monotonic() - began:.0f} s", OUTCOMES.get(status, f"ended with status {status}")))
    print(f"\n{'benchmark':22}{'took':>8}   result")
    for name, took, result in rows:
        print(f"{name:22}{took:>8}   {result}")
    return int(any(result != OUTCOMES[0] for *_, result in rows))


if __name__ == "__main__":
    sys.exit(main())
