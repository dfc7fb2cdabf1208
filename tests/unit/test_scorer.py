"""One model as a function for other machines: the numbers of ``predict``, a few dozen bytes when it travels."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model
from models.errors import ArtifactError, UnknownModel
from models.examples import EXAMPLES
from models.scoring import Scorer
from models.scoring.ray_data import RayScorer
from models.scoring.spark import in_pandas

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [example.text for example in EXAMPLES]


def test_the_numbers_are_those_of_predict_and_what_is_no_text_has_none() -> None:
    scored = Scorer("gru")([*TEXTS, "", None, "?!"])
    assert scored.dtype == np.float32 and scored.shape == (len(TEXTS) + 3,)
    np.testing.assert_allclose(scored[:-3], load_model("gru").predict(TEXTS), atol=1e-6)
    assert np.isnan(scored[-3:]).all()
    assert Scorer("gru")([]).shape == (0,)


def test_it_travels_without_its_weights_and_says_the_same_there() -> None:
    scorer = Scorer("gru")
    before = scorer(TEXTS)
    parcel = pickle.dumps(scorer)
    assert len(parcel) < 300
    program = (
        "import sys, pickle; s = pickle.loads(sys.stdin.buffer.read()); s('x'); assert s.name == 'gru';"
        f"sys.stdout.buffer.write(s({TEXTS!r}).tobytes());"
        "assert not {'tensorflow', 'keras', 'streamlit', 'pandas', 'plotly'} & set(sys.modules)"
    )
    there = subprocess.run([sys.executable, "-c", program], input=parcel, cwd=ROOT, capture_output=True, timeout=120)
    assert there.returncode == 0, there.stderr
    np.testing.assert_array_equal(np.frombuffer(there.stdout, np.float32), before)


def test_another_model_of_the_name_is_refused_here_and_there(tmp_path: Path) -> None:
    shutil.copytree(load_model("article_simple_rnn").card.folder, tmp_path / "gru")
    planned = Scorer("gru", shelf=tmp_path)
    assert planned.checksum != Scorer("gru").checksum
    assert Scorer("gru", planned.checksum, tmp_path)(["good"]).shape == (1,)
    with pytest.raises(ArtifactError, match="another model"):
        Scorer("gru", planned.checksum)
    parcel = pickle.dumps(planned)
    shutil.rmtree(tmp_path / "gru")
    shutil.copytree(load_model("simple_rnn").card.folder, tmp_path / "gru")
    arrived = pickle.loads(parcel)
    with pytest.raises(ArtifactError, match="another model"):
        arrived(["good"])


def test_weights_that_are_not_the_cards_are_refused(tmp_path: Path) -> None:
    shutil.copytree(load_model("article_simple_rnn").card.folder, tmp_path / "gru")
    scorer = Scorer("gru", shelf=tmp_path)
    with (tmp_path / "gru" / "model.keras").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ArtifactError, match="checksum differs"):
        scorer(["good"])


@pytest.mark.parametrize("name", ["nobody", "../gru", "", "GRU/"])
def test_a_name_that_is_none_is_said(name: str) -> None:
    with pytest.raises(UnknownModel):
        Scorer(name)


def test_the_adapters_add_one_column_and_leave_the_others() -> None:
    pd = pytest.importorskip("pandas")
    scorer = Scorer("article_simple_rnn")
    batch = {"key": np.array([3, 4]), "text": np.array(["good film", None], object)}
    scored = RayScorer(scorer, "text", "p")(batch)
    assert list(scored) == ["key", "text", "p"] and scored["key"] is batch["key"]
    (frame,) = in_pandas(scorer, "text", "p")([pd.DataFrame(batch, index=[7, 8])])
    assert frame["key"].tolist() == [3, 4]
    assert frame["p"].tolist()[0] == pytest.approx(float(scored["p"][0]))
    assert frame["p"].isna().tolist() == np.isnan(scored["p"]).tolist() == [False, True]
