"""Scoring on a Ray cluster: a ``Scorer`` as the stage of a Ray Data pipeline. ``requirements-ray.txt`` has Ray.

    dataset = ray.data.read_parquet("s3://…/reviews")
    score_dataset(dataset, Scorer("gru"), column="review", workers=(2, 64)).write_parquet("s3://…/scored")

Every machine of the cluster needs this package with its shelf; what travels is the model's name and checksum. A worker
that dies is replaced and its batches are read again, so that every row comes back once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.scoring.scorer import Scorer

Array = np.ndarray
BATCH_ROWS = 1_024


class RayScorer:
    """What ``map_batches`` constructs once a worker and calls for every batch.

    Args:
        scorer: the model.
        column: of the texts.
        output: name of the new column.
    """

    def __init__(self, scorer: Scorer, column: str = "review", output: str = "p_positive") -> None:
        self._scorer, self._column, self._output = scorer, column, output

    def __call__(self, batch: dict[str, Array]) -> dict[str, Array]:
        """The batch with P(positive) of every text beside it, (n,) float32, NaN where there is no word.

        Raises:
            KeyError: if there is no such column.
        """
        return {**batch, self._output: self._scorer(batch[self._column].tolist())}


def score_dataset(
    dataset: Any,
    scorer: Scorer,
    column: str = "review",
    output: str = "p_positive",
    workers: int | tuple[int, int] = 2,
) -> Any:
    """A lazy ``ray.data.Dataset`` with one more column; all others and the rows stay as they are.

    Rows keep their order only where ``DataContext.execution_options.preserve_order`` is set; else sort by a key.

    Args:
        dataset: a ``ray.data.Dataset`` with a column of texts.
        workers: how many processes, each of one core; a pair is the fewest and the most.
    """
    from ray.data import ActorPoolStrategy

    fewest, most = workers if isinstance(workers, tuple) else (workers, workers)
    return dataset.map_batches(
        RayScorer,
        fn_constructor_args=(scorer, column, output),
        batch_size=BATCH_ROWS,
        batch_format="numpy",
        compute=ActorPoolStrategy(min_size=fewest, max_size=most),
        num_cpus=1,
        udf_modifying_row_count=False,
    )
