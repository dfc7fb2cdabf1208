"""Judge a model on the official test reviews: ``python -m models.evaluate gru``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from models.catalog import PRETRAINED
from models.errors import ArtifactError, UnknownModel


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (2 on bad input)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description=__doc__)
    parser.add_argument("name", help="which model of the shelf")
    parser.add_argument("--data", type=Path, help="the dataset: archive or folder (default: download it)")
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="where the model's folder lies")
    options = parser.parse_args(arguments)

    from models.training.data.imdb import DatasetError
    from models.training.report.evaluation import evaluate

    try:
        figures = evaluate(options.name, options.data, options.shelf)
    except (UnknownModel, ArtifactError, DatasetError) as error:
        print(f"models.evaluate: {error}", file=sys.stderr)
        return 2
    fresh, calibration = figures.without_duplicates, figures.calibration
    assert fresh is not None
    assert calibration is not None
    print(
        f"{options.name}: accuracy {figures.accuracy:.4f} on {figures.test_reviews:,} test reviews "
        f"({fresh.accuracy:.4f} without duplicates of training reviews), loss {figures.loss:.4f}, "
        f"AUC {figures.auc:.4f}, calibration error {calibration.expected_calibration_error:.4f}, "
        f"largest difference to Keras {figures.largest_difference_to_keras:.1e}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
