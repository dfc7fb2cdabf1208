"""The About page: every model with its figures, cards rendered, damaged folders named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.catalog import list_models
from tests.screen import opened

ROOT = Path(__file__).resolve().parents[2]


def test_every_model_stands_in_the_table_with_its_measured_accuracy() -> None:
    at = opened("about")
    table = at.dataframe[0].value
    for card in list_models():
        row = table[table["Model"] == card.title].iloc[0]
        assert row["Parameters"] == card.parameters
        assert row["Test accuracy"] == pytest.approx(100 * card.test_accuracy, abs=1e-4)  # shown in percent
        test, training = card.facts["test"], card.facts["training"]
        assert row["AUC"] == pytest.approx(test["auc"], abs=1e-6)
        assert row["Calibration error"] == pytest.approx(test["expected_calibration_error"], abs=1e-6)
        assert row["Training minutes"] == pytest.approx(training["minutes"] + training.get("pretraining_minutes", 0))


def test_a_models_card_says_where_it_fails() -> None:
    at = opened("about")
    shown = "\n".join(element.value for element in at.markdown)
    assert "Where it fails" in shown
    assert "library_name" not in shown


def test_a_damaged_folder_is_named_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = list_models()[0]
    shutil.copytree(first.folder, tmp_path / first.name)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "card.json").write_text("{")
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = opened("about")
    assert any("broken" in warning.value for warning in at.warning)
    assert list(at.dataframe[0].value["Model"]) == [first.title]
