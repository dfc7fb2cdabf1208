"""The file of a network's test-set figures: read as it was written, and refused where a value cannot be."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from models import artifacts
from models.catalog import PRETRAINED
from models.figures import json_file
from models.figures.json_file import as_json
from models.figures.records import Part, as_rows
from tests.judged import WRONG, N, figures_of, read_figures_of, right_of


@pytest.mark.parametrize("name", WRONG)
def test_good_figures_pass(name: str) -> None:
    figures = read_figures_of(name)
    assert figures.accuracy == pytest.approx(1 - WRONG[name] / N)
    assert as_rows(figures.by_length) == figures_of(name)["by_length"]
    assert figures.rows("thresholds") == figures_of(name)["thresholds"]
    np.testing.assert_array_equal(figures.right(), right_of(name))


def test_older_files_lack_parts(tmp_path: Path) -> None:
    whole = figures_of("lstm")
    core = {name: whole[name] for name in ("test_reviews", "accuracy", "loss", "auc", "confusion")}
    (tmp_path / "evaluation.json").write_text(json.dumps(core))
    found = artifacts.read_evaluation(tmp_path)
    assert (found.test_reviews, found.accuracy, found.loss, found.auc) == tuple(core[k] for k in list(core)[:4])
    assert found.confusion == read_figures_of("lstm").confusion
    assert found.right() is None and found.scored_alike(0.5) is None and not found.damaged
    assert not any(found.has(part) for part in get_args(Part))


def paths(part: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value; of a list, to its first row."""
    if isinstance(part, dict):
        return [way for key, value in part.items() for way in [(*above, key), *paths(value, (*above, key))]]
    return [*paths(part[0], (*above, 0)), (*above, 0)] if isinstance(part, list) else []


@pytest.mark.parametrize("file", sorted(PRETRAINED.glob("*/evaluation.json")), ids=lambda file: file.parent.name)
def test_figures_that_are_read_are_written_as_they_stood_to_the_last_byte(file: Path) -> None:
    text = file.read_text()
    assert json.dumps(as_json(json_file.read(json.loads(text))), indent=1) + "\n" == text


@pytest.mark.parametrize("way", [way for way in paths(figures_of("lstm")) if way != ("model",)], ids=str)
@pytest.mark.parametrize("wrong", ["![x](http://a.example)", -1, float("nan"), True, [None], {"a": 1}], ids=repr)
def test_a_wrong_value_anywhere_is_refused_when_read(way: tuple[Any, ...], wrong: Any, tmp_path: Path) -> None:
    figures = copy.deepcopy(figures_of("lstm"))
    part: Any = figures
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = wrong
    (tmp_path / "evaluation.json").write_text(json.dumps(figures))
    if way[0] == "challenges":  # a part that is left out by itself
        found = artifacts.read_evaluation(tmp_path)
        assert found == replace(read_figures_of("lstm"), challenges=None, damaged=("challenges",))
        return
    with pytest.raises(ValueError):
        artifacts.read_evaluation(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "{}",
        "\x00",
        '{"test_reviews": 0}',
        '{"test_reviews": 1e999}',
        '{"test_reviews": ' + "9" * 400,
        "[" * 100_000,
    ],
)
def test_what_is_no_file_of_figures(content: str, tmp_path: Path) -> None:
    (tmp_path / "evaluation.json").write_text(content)
    with pytest.raises(ValueError):
        artifacts.read_evaluation(tmp_path)


def test_inconsistent_figures_are_refused() -> None:
    for change in (
        {"test_reviews": N + 1},
        {"accuracy": 0.5},
        {"right_bits": "AAAA"},
        {"right_bits": "not base64!"},
        {"by_stars": [{"stars": 1, "reviews": 5, "accuracy": None}]},
        {"loss": 10**400},
    ):
        with pytest.raises(ValueError):
            json_file.read({**figures_of("gru"), **change})
