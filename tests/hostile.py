"""Files that a stranger might bring to a public page, made by this script: each of them has to be refused.

``corpus()`` makes them; ``python -m tests.hostile FOLDER`` writes them by hand. No TensorFlow.
"""

from __future__ import annotations

import functools
import io
import pickle
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests import hostile_hdf5
from tests.network_files import config, h5, keras, layers, weights


@functools.cache
def corpus() -> dict[str, bytes]:
    """Every hostile or broken file, by the name under which it is brought; made once, as some are large."""
    return {**_other_files(), **_archives(), **hostile_hdf5.files(), **_configurations()}


class _Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path("/tmp/unrolled-was-here").touch, ())


def _other_files() -> dict[str, bytes]:
    torch = io.BytesIO()
    with zipfile.ZipFile(torch, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(_Runs()))
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("model/saved_model.pb", b"\x08\x01")
    arrays = io.BytesIO()
    np.savez(arrays, a=np.zeros(3))
    return {
        "empty.keras": b"",
        "one_byte.h5": b"P",
        "pickle.keras": pickle.dumps(_Runs()),
        "pickle.pkl": pickle.dumps(_Runs()),
        "joblib.joblib": pickle.dumps(_Runs()),
        "torch.pt": torch.getvalue(),
        "torch.keras": torch.getvalue(),
        "saved_model.pb": b"\x08\x01\x12\x00",
        "saved_model.keras": saved.getvalue(),
        "network.onnx": b"\x08\x07\x12\x07pytorch",
        "network.tflite": b"\x1c\x00\x00\x00TFL3",
        "weights.npz": arrays.getvalue(),
        "npz.keras": arrays.getvalue(),
        "text.keras": b"import os; os.system('touch /tmp/unrolled-was-here')\n",
        "html.h5": b"<html><script>alert(1)</script></html>",
        "pointer.keras": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "noise.keras": np.random.default_rng(1).bytes(50_000),
        "noise.h5": b"\x89HDF\r\n\x1a\n" + np.random.default_rng(2).bytes(50_000),
        "checkpoint.weights.h5": h5(weights()),
    }


def _archives() -> dict[str, bytes]:
    def member(name: str, data: bytes | str = b"x", **settings: Any) -> Callable[[zipfile.ZipFile], None]:
        def add(archive: zipfile.ZipFile) -> None:
            info = zipfile.ZipInfo(name)
            for key, value in settings.items():
                setattr(info, key, value)
            archive.writestr(info, data, settings.get("compress_type", zipfile.ZIP_STORED))

        return add

    def many(archive: zipfile.ZipFile) -> None:
        for number in range(5_000):
            archive.writestr(f"assets/{number}", b"")

    def twice(archive: zipfile.ZipFile) -> None:
        archive.writestr("config.json", b"{}")

    good = keras()
    place = good.rindex(b"PK\x01\x02")
    encrypted = bytearray(good)
    for start in _all(good, b"PK\x01\x02"):
        encrypted[start + 8] |= 1
    wrong = bytearray(good)
    wrong[good.index(b"Sequential")] ^= 1
    larger = bytearray(good)
    larger[place + 24 : place + 28] = struct.pack("<I", 900_000_000)
    overlapping = bytearray(good)
    first, last = _all(good, b"PK\x01\x02")[0], place
    overlapping[last + 42 : last + 46] = overlapping[first + 42 : first + 46]
    return {
        "zip_empty.keras": b"PK\x05\x06" + bytes(18),
        "zip_cut.keras": good[: len(good) // 2],
        "zip_no_directory.keras": good[:place],
        "zip_bomb.keras": keras(more=member("bomb", bytes(80_000_000), compress_type=zipfile.ZIP_DEFLATED)),
        "zip_bomb_config.keras": keras(configured=" " * 60_000_000, packing=zipfile.ZIP_DEFLATED),
        "zip_many.keras": keras(more=many),
        "zip_twice.keras": _quiet(lambda: keras(more=twice)),
        "zip_twice_other_case.keras": keras(more=member("CONFIG.JSON")),
        "zip_up.keras": keras(more=member("../../etc/cron.d/x")),
        "zip_absolute.keras": keras(more=member("/etc/passwd")),
        "zip_drive.keras": keras(more=member("C:/windows/x")),
        "zip_backslash.keras": keras(more=member("..\\..\\x")),
        "zip_long_name.keras": keras(more=member("x" * 5_000)),
        "zip_nested.keras": keras(more=member("inside.zip", good)),
        "zip_nested_hidden.keras": keras(more=member("assets/layers/x/vocabulary.txt", good)),
        "zip_link.keras": keras(more=member("link", "/etc/passwd", external_attr=0o120777 << 16)),
        "zip_bzip2.keras": keras(more=member("x", b"x" * 100, compress_type=zipfile.ZIP_BZIP2)),
        "zip_encrypted.keras": bytes(encrypted),
        "zip_wrong_crc.keras": bytes(wrong),
        "zip_wrong_size.keras": bytes(larger),
        "zip_overlapping.keras": bytes(overlapping),
        "zip_no_config.keras": keras(names=("other.json", "model.weights.h5")),
        "zip_no_weights.keras": keras(names=("config.json", "other.h5")),
        "zip_weights_are_text.keras": keras(arrays=b"not an HDF5 file"),
        "zip_weights_empty.keras": keras(arrays=b""),
    }


def _configurations() -> dict[str, bytes]:
    code = {"class_name": "__lambda__", "config": {"value": "4wAAAAAA", "defaults": None, "closure": None}}
    lam = {"class_name": "Lambda", "config": {"name": "run", "function": code}}
    foreign = {"class_name": "Own", "module": "os", "registered_name": "system", "config": {"name": "own"}}
    attention = {"class_name": "Attention", "config": {"name": "attention_1"}}

    def with_layer(layer: dict[str, Any]) -> bytes:
        made = config()
        made["config"]["layers"].insert(3, layer)
        return keras(made)

    many = config()
    many["config"]["layers"][2:2] = [{"class_name": "Dropout", "config": {"name": f"d{i}"}} for i in range(5_000)]
    nan = weights()
    nan["layers/dense/vars/0"][0] = np.nan
    return {
        "lambda.keras": with_layer(lam),
        "own_class.keras": with_layer(foreign),
        "attention.keras": with_layer(attention),
        "import_by_name.keras": keras({"class_name": "system", "module": "os", "config": {"command": "touch /tmp/x"}}),
        "own_activation.keras": keras(config(lstm={"activation": {"class_name": "function", "config": "os.system"}})),
        "eval_activation.keras": keras(config(dense={"activation": "__import__('os').getpid"})),
        "config_no_json.keras": keras("{" * 10),
        "config_deep.keras": keras("[" * 200_000),
        "config_list.keras": keras("[]"),
        "config_number.keras": keras("1e999999"),
        "no_layers.keras": keras({"class_name": "Sequential", "config": {"layers": []}}),
        "layers_no_list.keras": keras({"class_name": "Sequential", "config": {"layers": {"a": 1}}}),
        "layers_of_numbers.keras": keras({"class_name": "Sequential", "config": {"layers": [1, None]}}),
        "units_negative.keras": keras(config(lstm={"units": -2})),
        "units_huge.keras": keras(config(lstm={"units": 10**12})),
        "units_text.keras": keras(config(lstm={"units": "2; import os"})),
        "units_other.keras": keras(config(lstm={"units": 3})),
        "rows_other.keras": keras(config(embedding={"input_dim": 10**9})),
        "no_embedding.keras": keras({"class_name": "Sequential", "config": {"layers": layers()[2:]}}),
        "no_recurrent.keras": keras({"class_name": "Sequential", "config": {"layers": layers()[:2] + layers()[3:]}}),
        "many_classes.keras": keras(config(dense={"units": 5, "activation": "softmax"}),
                                    h5(weights() | {"layers/dense/vars/0": np.ones((2, 5), "f4"),
                                                    "layers/dense/vars/1": np.ones(5, "f4")})),
        "many_layers.keras": keras(many),
        "nan.keras": keras(arrays=h5(nan)),
        "stateful.keras": keras(config(lstm={"stateful": True})),
        "html_name.keras": with_layer({"class_name": "<img src=x onerror=alert(1)>", "config": {"name": "**x**"}}),
    }  # fmt: skip


def _all(data: bytes, mark: bytes) -> list[int]:
    found, start = [], data.find(mark)
    while start >= 0:
        found.append(start)
        start = data.find(mark, start + 1)
    return found


def _quiet(make: Callable[[], bytes]) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


if __name__ == "__main__":
    for name, data in corpus().items():
        (Path(sys.argv[1]) / name).write_bytes(data)
