"""Spark on a local cluster of two workers: the rows and numbers of the command, also when a worker is killed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.scoring import Scorer
from models.scoring.spark import score_frame
from tests.engines.reviews import MODEL, ROOT, assert_the_same, dying_once, reviews, scored_by_the_command

sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: pip install -r requirements-spark.txt")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java: apt-get install default-jre-headless"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1"}
    session = (
        sql.SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.executorEnv.PYTHONPATH", str(ROOT))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "1024")
        .getOrCreate()
    )
    yield session
    session.stop()


def test_fifty_thousand_rows_and_a_killed_worker(spark: Any, tmp_path: Path) -> None:
    texts = reviews()
    expected = scored_by_the_command(tmp_path, texts)
    source = spark.createDataFrame(list(enumerate(texts)), "key long, review string").repartition(8)
    for scorer in (Scorer(MODEL), dying_once(tmp_path)):
        rows = score_frame(source, scorer).orderBy("key").collect()
        assert [row.key for row in rows] == list(range(len(texts)))
        assert [row.review for row in rows] == texts
        assert_the_same([row.p_positive for row in rows], expected)
    assert (tmp_path / "batch 3").exists()


def test_what_cannot_be_scored_is_null_and_columns_are_not_overwritten(spark: Any) -> None:
    frame = spark.createDataFrame([(1, None), (2, "?!"), (3, "good film")], "key long, review string")
    probabilities = [row.p_positive for row in score_frame(frame, Scorer(MODEL)).orderBy("key").collect()]
    assert probabilities[:2] == [None, None] and 0 < probabilities[2] < 1
    with pytest.raises(ValueError, match="no column named 'text'"):
        score_frame(frame, Scorer(MODEL), column="text")
    with pytest.raises(ValueError, match="already"):
        score_frame(frame, Scorer(MODEL), output="key")
