"""What a network carries over distance, into its card: ``python -m models.training.report.memory plain_gru``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from models import artifacts
from models.catalog import PRETRAINED, load_model, read_card
from models.explain.distance import measure
from models.training.report.model_card import write_readme


def report(name: str, shelf: Path) -> None:
    """Measure, and write the figures into ``card.json`` and ``README.md``.

    Raises:
        UnknownModel, ArtifactError: as ``load_model``.
    """
    memory = asdict(measure(load_model(name, shelf)).facts())
    artifacts.write_card(shelf / name, {**artifacts.read_card(shelf / name), "memory": memory})
    write_readme(read_card(shelf / name), artifacts.read_evaluation(shelf / name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m models.training.report.memory", description=__doc__)
    parser.add_argument("names", nargs="+", help="networks on the shelf")
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="where their folders lie")
    options = parser.parse_args()
    for one in options.names:
        report(one, options.shelf)
