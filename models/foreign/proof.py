"""A brought network before TensorFlow, on one's own machine and when asked: the one way from its file to Keras.

Keras opens the file in a process of its own (``models.training.report.check``) and reads the ids that we read. A file
is code to Keras more than to us, so nothing here runs unless somebody who may train on this machine has pressed for it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models.foreign import shelf
from models.foreign.model import ForeignModel
from models.jobs.keras_check import TIME_LIMIT, Agreement, CheckFailed, ask, differences
from models.jobs.training_job import allowed
from models.sentiment import Trace

Array = np.ndarray


def against_tensorflow(
    model: ForeignModel,
    trace: Trace,
    review: str,
    time_limit: float = TIME_LIMIT,
    check: Callable[[], None] = lambda: None,
) -> Agreement:
    """Let Keras open a brought network, read what we read, and compare P and every layer's last hidden state.

    Its file lies in a temporary folder that only this user may look into for as long as Keras needs it.

    Args:
        trace: our reading of ``review``.
        check: called several times a second; whatever it raises ends the other process.

    Raises:
        CheckFailed: if there is no answer, or the file is not one to be shown to Keras.
    """
    if not allowed():
        raise CheckFailed("failed")
    data = _file(model)
    if data is None or hashlib.sha256(data).hexdigest() != model.plan.raw.sha256:
        raise CheckFailed("changed")
    if names_code(model.plan.raw.config):
        raise CheckFailed("code")
    try:
        with tempfile.TemporaryDirectory(prefix="unrolled-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / ("network.keras" if data.startswith(b"PK") else "network.h5")
            path.write_bytes(data)
            question: dict[str, object] = {
                "network": str(path),
                "ids": model.read_ids(review),
                "ending": model.plan.ending,
            }
            answer = ask(question, time_limit, check, Path(folder))
    except OSError as error:
        raise CheckFailed("failed") from error
    try:
        pairs: list[tuple[str, Array | float, Array]] = [
            (f"P({model.labels[1]})", trace.probability, answer["probability"])
        ]
        pairs += [(name, state, answer[f"last_{place}"]) for place, (name, state) in enumerate(last_states(trace))]
        return Agreement(float(answer["probability"]), differences(pairs), float(answer["seconds"]))
    except KeyError as error:
        raise CheckFailed("unopened") from error


def last_states(trace: Trace) -> Iterator[tuple[str, Array]]:
    """Every layer's and direction's hidden state where it has ended, (units,), padding behind the words read too."""
    both = [reading for pair in trace.readings for reading in pair if reading is not None]
    for layer, reading in zip(trace.layers, both, strict=True):
        end = 0 if layer.direction == "backward" else -1
        named = "" if len(both) == 1 else f", {layer.name}"
        yield f"the last hidden state{named}", reading.hidden_states[end, 0]


def names_code(config: Any) -> bool:
    """Whether a configuration names a module other than Keras's own: we never look it up, Keras might import it.

    How it was compiled does not count: that is not loaded.
    """
    if isinstance(config, dict):
        module = config.get("module")
        if isinstance(module, str) and module.split(".")[0] != "keras":
            return True
        return any(names_code(value) for key, value in config.items() if key != "compile_config")
    return isinstance(config, list) and any(names_code(value) for value in config)


def _file(model: ForeignModel) -> bytes | None:
    """The bytes that the network was opened from: kept in the visit, or on the shelf."""
    if model.file is not None:
        return model.file
    try:
        return shelf.stored(model.card)
    except (OSError, ValueError):
        return None
