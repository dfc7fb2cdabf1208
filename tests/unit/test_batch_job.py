"""A batch in the background: the numbers of the models, stopped and gone on with, and errors without the text."""

from __future__ import annotations

import shutil

import numpy as np

from components.batch import job as batches
from components.batch.job import Batch, read
from models.catalog import load_model
from models.examples import EXAMPLES
from models.jobs.gate import gate
from models.scoring.scoring import PARTED, verdicts
from tests.batches import TRIO, downloaded, finish
from tests.waiting import until


def large(rows: int = 700) -> Batch:
    texts = [EXAMPLES[i % len(EXAMPLES)].text for i in range(rows)]
    return Batch(read("\n".join(texts).replace("\n\n", " ").encode(), "a.txt", "text"))


def test_scoring_in_the_background_gives_what_predict_gives(tiny_shelf):
    batch = large()
    models = {name: load_model(name, tiny_shelf) for name in ("gru", "lstm")}
    batch.start(models)
    finish(batch)
    assert not batch.error
    assert batch.share(["gru", "lstm"]) == 1
    for name, model in models.items():
        np.testing.assert_allclose(batch.probabilities[name], model.predict(batch.cells), atol=1e-6)


def test_a_cancelled_run_keeps_what_it_has_and_goes_on(tiny_shelf):
    batch = large()
    models = {"gru": load_model("gru", tiny_shelf)}
    batch.step(models)
    assert batch.done == {"gru": batches.CHUNK}
    batch.cancel()
    scores = batch.scores(["gru"])
    assert np.isnan(scores.probabilities["gru"][batches.CHUNK :]).all()
    assert scores.notes[-1] == "not scored yet"
    assert len(downloaded(batch, ["gru"])) == len(batch) + 1
    batch.start(models)
    finish(batch)
    assert batch.missing(["gru"]) == []


def test_a_run_stops_when_its_session_is_gone(tiny_shelf):
    batch, here = large(20_000), [True]
    batch.cells = [cell * 3 for cell in batch.cells]
    batch.start({"gru": load_model("gru", tiny_shelf)}, lambda work: gate().submit(work, "a", lambda: here[0]))
    until(lambda: batch.done, 30)
    here[0] = False
    assert batch.job.wait(2)
    assert 0 < batch.done["gru"] < len(batch)
    assert not batch.running


def test_an_error_in_the_background_is_said_without_the_text(tiny_shelf, tmp_path):
    shutil.copytree(tiny_shelf / "gru", tmp_path / "gru")
    model = load_model("gru", tmp_path)
    (tmp_path / "gru" / "model.keras").write_bytes(b"secret text of a visitor")
    batch = large()
    batch.start({"gru": model})
    finish(batch)
    assert batch.error == "ArtifactError"


def test_verdicts_agree_with_the_probabilities(tiny_shelf):
    batch = large(60)
    batch.run({name: load_model(name, tiny_shelf) for name in TRIO})
    scores = batch.scores(TRIO)
    probabilities = np.stack(list(scores.probabilities.values()))
    parted = (probabilities >= 0.5).any(0) & ~(probabilities >= 0.5).all(0)
    np.testing.assert_array_equal(verdicts(scores) == PARTED, parted)
