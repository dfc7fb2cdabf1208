"""The process in which a stranger's file is taken apart: little memory, little time, no new file, no network.

Started by ``safe_file.py`` as a process of its own. The file is its standard input, already open. Before the first byte
of it is looked at, the process gives up what it will not need: it can open nothing any more, neither a file nor a
connection, and write nothing but its answer. The answer is a line of JSON and plain arrays.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import zipfile
from typing import Any, BinaryIO

import h5py
import numpy as np

from models.foreign import hdf5
from models.foreign.archive import MOST_TEXT, Refused, unpack

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_NICENESS = 10  # pages come first
_LAYERS = ("layers", "_layer_checkpoint_dependencies")


def main() -> None:
    """Read limits from the arguments, the file from standard input, and answer on standard output."""
    most, parameters, memory, seconds = (int(value) for value in sys.argv[1:5])
    limit(memory, seconds)
    source, answer = os.fdopen(0, "rb"), os.fdopen(1, "wb", buffering=1 << 20)
    try:
        head, arrays = take_apart(source, most, parameters)
    except Refused as refused:
        head, arrays = {"refused": str(refused)}, []
    except MemoryError:
        head, arrays = {"refused": "The file needs more memory than a network may take."}, []
    except Exception:  # noqa: BLE001 - a damaged HDF5 file fails in many ways, all of them meaning the same
        head, arrays = {"refused": "The file is damaged: it begins like a network, but cannot be read on."}, []
    answer.write(json.dumps(head).encode() + b"\n")
    for array in arrays:
        answer.write(array.tobytes())
    answer.flush()


def limit(memory: int, seconds: int) -> None:
    """Give up what reading does not need, memory beyond so many MB too; systems without these limits go without."""
    os.nice(_NICENESS)
    _warm_up()
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory * 1024 * 1024),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),  # nothing can be opened any more: no file, no socket
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def _warm_up() -> None:
    """Take a tiny network apart, so that whatever Python and its libraries load late is loaded now."""
    weights, network = io.BytesIO(), io.BytesIO()
    with h5py.File(weights, "w") as file:
        file["layers/x/vars/0"] = np.zeros((2, 2), np.float32)
        file.create_dataset("layers/x/vars/1", data=np.zeros(4, np.float32), compression="gzip", shuffle=True)
        file.attrs["model_config"] = "{}"
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = np.array([b"x"])
        group.create_group("x").attrs["weight_names"] = np.array([b"y"])
        group["x"]["y"] = np.zeros(2, np.float32)
    with zipfile.ZipFile(network, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("config.json", b"{}"), ("model.weights.h5", weights.getvalue())):
            archive.writestr(name, data)
        archive.writestr("assets/\u00e9/vocabulary.txt", "\u00e9")
    for made in (network, weights):
        with contextlib.suppress(Refused):
            take_apart(made, 1_000_000, 1_000)
    with contextlib.suppress(Refused):
        take_apart(io.BytesIO(network.getvalue()[:-30]), 1_000_000, 1_000)
    with contextlib.suppress(Exception):
        take_apart(io.BytesIO(weights.getvalue()[:-300]), 1_000_000, 1_000)


def take_apart(source: BinaryIO, most_bytes: int, parameters: int) -> tuple[dict[str, Any], list[np.ndarray]]:
    """The head of the answer and the arrays it lists."""
    source.seek(0, os.SEEK_END)
    size = source.tell()
    source.seek(0)
    start = source.read(8)
    source.seek(0)
    if start.startswith(b"PK"):
        members = unpack(source, most_bytes)
        with h5py.File(io.BytesIO(members["model.weights.h5"]), "r") as file:
            return _keras3(members, file, len(members["model.weights.h5"]), most_bytes, parameters)
    if start != _SIGNATURE:
        raise Refused("unknown")
    with h5py.File(source, "r") as file:
        return _whole_model(file, size, most_bytes, parameters)


def _keras3(
    members: dict[str, bytes], file: h5py.File, size: int, most_bytes: int, parameters: int
) -> tuple[dict[str, Any], list[np.ndarray]]:
    paths = [path for path in hdf5.inspect(file, most_bytes, size) if path.startswith(_LAYERS)]
    wanted = [path for path in paths if file[path].dtype.kind == "f"]
    head: dict[str, Any] = {
        "layout": "keras",
        "config": members["config.json"].decode("utf-8", "replace"),
        "metadata": members.get("metadata.json", b"{}").decode("utf-8", "replace")[:100_000],
        "vocabularies": {
            name: data.decode("utf-8", "replace") for name, data in members.items() if name.endswith("/vocabulary.txt")
        },
    }
    return _answer(head, file, [(path, path) for path in wanted], parameters)


def _whole_model(
    file: h5py.File, size: int, most_bytes: int, parameters: int
) -> tuple[dict[str, Any], list[np.ndarray]]:
    hdf5.inspect(file, most_bytes, size)
    config = hdf5.text(file, "model_config")
    if config is None or "model_weights" not in file:
        raise Refused("weights")
    group = file["model_weights"]
    version = hdf5.text(file, "keras_version") or hdf5.text(group, "keras_version") or ""
    wanted = []
    for layer in hdf5.names(group, "layer_names"):
        if layer not in group or not isinstance(group[layer], h5py.Group):
            raise Refused("The HDF5 file lacks a layer that it lists.")
        here = group[layer]
        for weight in hdf5.names(here, "weight_names"):
            if weight not in here or not isinstance(here[weight], h5py.Dataset):
                raise Refused("The HDF5 file lacks a weight that it lists.")
            if here[weight].dtype.kind == "f":
                wanted.append((layer, f"model_weights/{layer}/{weight}"))
    head = {"layout": "h5", "config": config[:MOST_TEXT], "metadata": json.dumps({"keras_version": version})}
    return _answer(head, file, wanted, parameters)


def _answer(
    head: dict[str, Any], file: h5py.File, wanted: list[tuple[str, str]], parameters: int
) -> tuple[dict[str, Any], list[np.ndarray]]:
    counted = sum(int(np.prod(file[path].shape, dtype=np.float64)) for _, path in wanted)
    if counted > parameters:
        raise Refused(f"The network has {counted:,} parameters, more than the {parameters:,} that are read here.")
    arrays = [np.ascontiguousarray(file[path][()], dtype=np.float32) for _, path in wanted]
    head["arrays"] = [[name, list(array.shape)] for (name, _), array in zip(wanted, arrays, strict=True)]
    return head, arrays


if __name__ == "__main__":
    main()
