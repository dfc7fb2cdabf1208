"""From a stranger's file to plain arrays and text, by way of a limited process of its own (``child.py``).

Nothing in the file is executed and no library that could is asked: the configuration comes back as text and is read
as JSON, the weights come back as float32 arrays whose sizes were added up before.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from models import settings
from models.errors import ForeignNetworkError
from models.settings import MB

Array = np.ndarray

SAVE = 'model.save("my_network.keras")'
_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from models.foreign.child import main; main()"
# What the child says in one word, and what that means to whoever brought the file.
_KINDS = {
    "weights": (
        "The file holds weights alone, without the layers they belong to.",
        'model.load_weights("weights.h5"); ' + SAVE + "  # model: built as in the notebook",
    ),
    "savedmodel": (
        "This is a SavedModel, a program rather than a description.",
        'keras.models.load_model("folder").save("my_network.keras")  # with the TensorFlow that made it',
    ),
    "pytorch": (
        "This is a PyTorch file; its pickled parts could run code.",
        "# in Keras, with these weights: " + SAVE,
    ),
    "no keras zip": ("This is a zip archive, but not one that Keras saved.", SAVE),
    "unknown": ("This is neither a .keras file nor an HDF5 file.", SAVE),
}
_ENDINGS = {
    ".onnx": ("This is an ONNX file, a program rather than layers that can be taken apart.", SAVE),
    ".pb": _KINDS["savedmodel"],
    ".pt": _KINDS["pytorch"],
    ".pth": _KINDS["pytorch"],
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), ("This is a pickle, which can run code when it is opened.", SAVE)),
    **dict.fromkeys((".npz", ".npy", ".ckpt", ".index"), _KINDS["weights"]),
    ".tflite": ("This is a TensorFlow Lite file, a program rather than layers that can be taken apart.", SAVE),
    ".json": ("This is a text file. It may be the vocabulary; the network is another file.", SAVE),
}


@dataclass(frozen=True, slots=True)
class RawNetwork:
    """What a file says, nothing of it believed yet.

    Attributes:
        layout: "keras" (a path a weight) or "h5" (weights in order, each with its layer's name).
        config: the JSON of the architecture.
        keras_version: as the file tells it, or empty.
        vocabularies: by path in the file, a word a line.
        arrays: name and float32 array, in the order of the file.
        sha256: of the file.
    """

    layout: str
    config: Any
    keras_version: str
    vocabularies: dict[str, str]
    arrays: list[tuple[str, Array]]
    sha256: str


def read_file(source: Path | bytes, name: str = "") -> RawNetwork:
    """Take a ``.keras`` or ``.h5`` file apart.

    Raises:
        ForeignNetworkError: with what is wrong and, where there is one, the line of Python that mends it.
    """
    most = settings.value("network_megabytes")
    if isinstance(source, Path):
        if source.is_dir():
            raise ForeignNetworkError(*_KINDS["savedmodel"])
        name = name or source.name
    data = content(source, most * MB, "The file")
    _refuse_by_look(name, data[:16])
    if len(data) > most * MB:
        raise ForeignNetworkError(f"The file is larger than the {most:,} MB of a network that is read here.")
    with _opened(data) as file:
        head, rest = _ask_child(file)
    if "refused" in head:
        raise ForeignNetworkError(*_KINDS.get(head["refused"], (str(head["refused"]), "")))
    metadata = _json(head["metadata"])
    version = metadata.get("keras_version", "") if isinstance(metadata, dict) else ""
    return RawNetwork(
        str(head["layout"]),
        _json(head["config"]),
        str(version)[:20],
        {str(key): str(value) for key, value in head.get("vocabularies", {}).items()},
        _arrays(head["arrays"], rest),
        hashlib.sha256(data).hexdigest(),
    )


def content(source: Path | bytes, most: int, what: str) -> bytes:
    """The bytes of a file; of one that is larger than ``most`` bytes one more than that, and no others.

    Raises:
        ForeignNetworkError: if it cannot be opened; ``what`` it is called there.
    """
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise ForeignNetworkError(f"{what} cannot be opened: {error.strerror}.") from error


def _refuse_by_look(name: str, start: bytes) -> None:
    if not start:
        raise ForeignNetworkError("The file is empty.", SAVE)
    plain = start.startswith((b"PK", b"\x89HDF\r\n\x1a\n"))
    ending = Path(name).suffix.lower()
    if ".ckpt" in name.lower() and not plain:
        raise ForeignNetworkError(*_KINDS["weights"])
    if ending in _ENDINGS and not (plain and ending == ".json"):
        raise ForeignNetworkError(*_ENDINGS[ending])
    if start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise ForeignNetworkError(*_ENDINGS[".pkl"])
    if start.startswith(b"version https://git-lf"[:16]):
        raise ForeignNetworkError("This is a pointer of Git LFS, not the file itself: fetch it with git lfs pull.")
    if not plain:
        raise ForeignNetworkError(*_KINDS["unknown"])


def _opened(data: bytes) -> IO[bytes]:
    """The bytes as an open file, in memory where the system can do that."""
    in_memory = hasattr(os, "memfd_create")
    file: IO[bytes] = os.fdopen(os.memfd_create(""), "w+b") if in_memory else tempfile.TemporaryFile()  # noqa: SIM115
    file.write(data)
    file.seek(0)
    return file


def _ask_child(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    most, parameters, memory, seconds = (
        settings.value(f"network_{limit}") for limit in ("megabytes", "parameters", "memory", "seconds")
    )
    command = [sys.executable, "-I", "-c", _START, str(_ROOT)]
    command += [str(value) for value in (most * MB, parameters, memory, seconds)]
    quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "HDF5_USE_FILE_LOCKING": "FALSE"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter, our own code; the file is its standard input
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True, env=quiet
    ) as child:
        # The clock outside holds where the limit on processor time inside does not: a process that sleeps.
        clock = threading.Timer(2.0 + seconds, child.kill)
        clock.start()
        try:
            assert child.stdout is not None
            answer = child.stdout.read(4 * parameters + 250_000_000)
        finally:
            clock.cancel()
            child.kill()
    line, ended, arrays = answer.partition(b"\n")
    if not ended:
        raise ForeignNetworkError(
            f"Reading the file took more than {seconds} seconds or more memory than a network needs, so it was given "
            "up."
        )
    head = _json(line.decode("utf-8", "replace"))
    if not isinstance(head, dict):
        raise ForeignNetworkError("The file is damaged: it begins like a network, but cannot be read on.")
    return head, arrays


def _arrays(listed: Any, data: bytes) -> list[tuple[str, Array]]:
    found, place = [], 0
    for name, shape in listed:
        count = math.prod(map(int, shape))
        if count < 0 or place + 4 * count > len(data):
            raise ForeignNetworkError("The file is damaged: a weight is missing.")
        values = np.frombuffer(data, np.float32, count, place).reshape(shape)
        found.append((str(name), values))
        place += 4 * count
    return found


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ForeignNetworkError("The network's configuration is damaged: it is no JSON.") from error
