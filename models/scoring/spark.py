"""Scoring on a Spark cluster: a ``Scorer`` behind ``mapInPandas``. ``requirements-spark.txt`` has Spark; it needs Java.

    frame = spark.read.parquet("s3://…/reviews")
    score_frame(frame, Scorer("gru"), column="review").write.parquet("s3://…/scored")

Every machine of the cluster needs this package with its shelf; what travels is the model's name and checksum. A task
whose worker dies is tried again by Spark, so that every row comes back once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from models.scoring.scorer import Scorer


def score_frame(frame: Any, scorer: Scorer, column: str = "review", output: str = "p_positive") -> Any:
    """A lazy ``pyspark.sql.DataFrame`` with one more column of floats; all others and the rows stay as they are.

    Raises:
        ValueError: if ``column`` is missing or ``output`` is there already.
    """
    from pyspark.sql.types import FloatType, StructField, StructType

    if column not in frame.columns:
        raise ValueError(f"there is no column named {column!r}")
    if output in frame.columns:
        raise ValueError(f"there is a column named {output!r} already")
    schema = StructType([*frame.schema.fields, StructField(output, FloatType(), nullable=True)])
    return frame.mapInPandas(in_pandas(scorer, column, output), schema)


def in_pandas(scorer: Scorer, column: str, output: str) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """The function that ``mapInPandas`` runs on every partition: frames come, frames with P(positive) go.

    No word to read is null in Spark, which has no NaN to spare in tables that people query.
    """

    def scored(frames: Iterable[Any]) -> Iterator[Any]:
        for frame in frames:
            probabilities = scorer(frame[column].tolist())
            yield frame.assign(**{output: [None if p != p else float(p) for p in probabilities]})

    return scored
