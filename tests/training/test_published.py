"""A published system is trained as its article says: stopped, taken up from the best of it, the best epoch kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.catalog import load_model
from models.nn import network
from models.training.recipes import RECIPES
from tests.small_training import data as data
from tests.small_training import small_counts as small_counts

pytestmark = pytest.mark.tensorflow


def test_the_best_epoch_of_a_resumed_training_is_kept(data: Path, tmp_path: Path) -> None:
    from models.training.fit.fit import train

    recipe = replace(
        RECIPES["article_simple_rnn_checkpointed"],
        epochs=3,
        resumed_after=2,
        units=(3,),
        vocabulary=40,
        embedding=4,
        max_timesteps=12,
    )
    folder = train(recipe, data, tmp_path / "shelf", tmp_path / "work", 60)
    history = artifacts.read_history(folder / "history.csv")
    facts = artifacts.read_card(folder)["training"]
    assert history.epoch.tolist() == [1, 2, 3]
    assert facts["best_epoch"] == history.epoch[history.val_loss.argmin()]
    assert facts["resumed"] == {"after_epoch": 2, "from_epoch": history.epoch[history.val_loss[:2].argmin()]}
    (run,) = (tmp_path / "work" / "runs").iterdir()
    learnt = network.load(folder / "model.keras", run / f"epoch_{facts['best_epoch']:02d}.weights.h5")
    np.testing.assert_array_equal(load_model(recipe.name, folder.parent).network.weights, learnt.weights)
