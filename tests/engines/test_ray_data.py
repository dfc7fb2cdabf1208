"""Ray Data on a local cluster of two workers: the rows and numbers of the command, also when a worker is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.scoring import Scorer
from models.scoring.ray_data import score_dataset
from tests.engines.reviews import MODEL, ROOT, assert_the_same, dying_once, reviews, scored_by_the_command

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-ray.txt")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        _node_ip_address="127.0.0.1",
        object_store_memory=200_000_000,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
    )
    yield
    ray.shutdown()


def test_fifty_thousand_rows_and_a_killed_worker(cluster: None, tmp_path: Path) -> None:
    texts = reviews()
    expected = scored_by_the_command(tmp_path, texts)
    source = ray.data.from_items([{"key": key, "review": text} for key, text in enumerate(texts)])
    for scorer in (Scorer(MODEL), dying_once(tmp_path)):
        rows = sorted(score_dataset(source, scorer).take_all(), key=lambda row: row["key"])
        assert [row["key"] for row in rows] == list(range(len(texts)))
        assert [row["review"] for row in rows] == texts
        assert_the_same([row["p_positive"] for row in rows], expected)
    assert (tmp_path / "batch 3").exists()
