"""Files that a stranger might bring to a public page, made by this script: each of them has to be refused.

``corpus(folder)`` writes them; ``python -m tests.hostile FOLDER`` does so by hand. No TensorFlow.
"""

from __future__ import annotations

import functools
import io
import json
import pickle
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

ROWS, FEATURES, UNITS = 12, 3, 2


def layers(**changes: Any) -> list[dict[str, Any]]:
    """The configuration of Embedding → LSTM → Dense; ``changes`` by the layer's name."""
    found = [
        ("InputLayer", {"name": "input", "batch_shape": [None, None]}),
        ("Embedding", {"name": "embedding", "input_dim": ROWS, "output_dim": FEATURES, "mask_zero": True}),
        ("LSTM", {"name": "lstm", "units": UNITS, "activation": "tanh", "recurrent_activation": "sigmoid",
                  "use_bias": True, "return_sequences": False, "go_backwards": False}),
        ("Dense", {"name": "dense", "units": 1, "activation": "sigmoid", "use_bias": True}),
    ]  # fmt: skip
    return [{"class_name": kind, "config": {**config, **changes.get(config["name"], {})}} for kind, config in found]


def config(**changes: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "mine", "layers": layers(**changes)}}


def weights(**changes: Any) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = {
        "layers/embedding/vars/0": (ROWS, FEATURES),
        "layers/lstm/cell/vars/0": (FEATURES, 4 * UNITS),
        "layers/lstm/cell/vars/1": (UNITS, 4 * UNITS),
        "layers/lstm/cell/vars/2": (4 * UNITS,),
        "layers/dense/vars/0": (UNITS, 1),
        "layers/dense/vars/1": (1,),
    }
    return {path: random.normal(size=shape).astype(np.float32) for path, shape in shapes.items()} | changes


def h5(arrays: dict[str, Any], more: Callable[[h5py.File], None] | None = None) -> bytes:
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        for path, array in arrays.items():
            if array is not None:
                file[path] = array
        if more:
            more(file)
    return data.getvalue()


def keras(
    configured: Any = None,
    arrays: bytes | None = None,
    more: Callable[[zipfile.ZipFile], None] | None = None,
    names: tuple[str, str] = ("config.json", "model.weights.h5"),
    packing: int = zipfile.ZIP_STORED,
) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        text = configured if isinstance(configured, str) else json.dumps(configured or config())
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr(names[0], text)
        archive.writestr(names[1], arrays if arrays is not None else h5(weights()))
        if more:
            more(archive)
    return data.getvalue()


def whole_model(
    configured: Any = None, more: Callable[[h5py.File], None] | None = None, skip: str = "", names: bool = True
) -> bytes:
    """A whole-model HDF5 file as Keras 2 wrote it."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        if skip != "config":
            file.attrs["model_config"] = json.dumps(configured or config())
        file.attrs["keras_version"] = "2.15.0"
        group = file.create_group("model_weights")
        by_layer: dict[str, list[np.ndarray]] = {"input": []}
        for path, array in weights().items():
            by_layer.setdefault(path.split("/")[1], []).append(array)
        if names:
            group.attrs["layer_names"] = np.array(list(by_layer), "S")
        for layer, arrays in by_layer.items():
            here = group.create_group(layer)
            listed = [f"{layer}/{i}:0" for i in range(len(arrays))]
            here.attrs["weight_names"] = np.array(listed, "S")
            for name, array in zip(listed, arrays, strict=True):
                here[name] = array
        if more:
            more(file)
    return data.getvalue()


VALID = {"network.keras": keras, "network.h5": whole_model}


@functools.cache
def corpus() -> dict[str, bytes]:
    """Every hostile or broken file, by the name under which it is brought; made once, as some are large."""
    return {**_other_files(), **_archives(), **_hdf5(), **_configurations()}


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


def _hdf5() -> dict[str, bytes]:
    kernel = "layers/lstm/cell/vars/0"

    def in_keras(more: Callable[[h5py.File], None]) -> bytes:
        return keras(arrays=h5(weights(**{kernel: None}), more))

    def external_link(file: h5py.File) -> None:
        file[kernel] = h5py.ExternalLink("/etc/hostname", "/x")

    def soft_link(file: h5py.File) -> None:
        file[kernel] = h5py.SoftLink("/layers/embedding/vars/0")

    def dangling(file: h5py.File) -> None:
        file[kernel] = h5py.SoftLink("/nowhere")

    def hard_link(file: h5py.File) -> None:
        file[kernel] = file["layers/lstm/cell/vars/1"]

    def cycle(file: h5py.File) -> None:
        file["layers/again"] = file["layers"]

    def root_cycle(file: h5py.File) -> None:
        file["layers/lstm/root"] = file["/"]

    def external_data(file: h5py.File) -> None:
        file.create_dataset(kernel, (FEATURES, 8), "f4", external=[("/etc/passwd", 0, 96)])

    def virtual(file: h5py.File) -> None:
        layout = h5py.VirtualLayout((FEATURES, 8), "f4")
        layout[:] = h5py.VirtualSource("/tmp/other.h5", "x", (FEATURES, 8))
        file.create_virtual_dataset(kernel, layout)

    def absurd(file: h5py.File) -> None:
        file.create_dataset(kernel, (2**40, 8), "f4", chunks=(1024, 8))

    def unlimited(file: h5py.File) -> None:
        file.create_dataset(kernel, (10**9,), "f8", chunks=(1000,), maxshape=(None,), fillvalue=1.0)

    def contiguous(file: h5py.File) -> None:
        space = h5py.h5s.create_simple((10**11,))
        h5py.h5d.create(file.id, b"big", h5py.h5t.IEEE_F32LE, space)

    def bomb(file: h5py.File) -> None:
        file.create_dataset(kernel, data=np.zeros(60_000_000, "f4"), compression="gzip", compression_opts=9)

    def many_bombs(file: h5py.File) -> None:
        for number in range(30):
            file.create_dataset(f"layers/{number}", data=np.zeros(4_000_000, "f4"), compression="gzip")

    def lzf(file: h5py.File) -> None:
        file.create_dataset(kernel, data=np.ones((FEATURES, 8), "f4"), compression="lzf")

    def scaled(file: h5py.File) -> None:
        file.create_dataset(kernel, data=np.ones((FEATURES, 8), "i4"), scaleoffset=0)

    def strings(file: h5py.File) -> None:
        file.create_dataset(kernel, data=["rm -rf"] * 8, dtype=h5py.string_dtype())

    def fixed_strings(file: h5py.File) -> None:
        file[kernel] = np.array([b"text"] * 8)

    def references(file: h5py.File) -> None:
        file.create_dataset(kernel, data=[file["layers"].ref] * 8, dtype=h5py.ref_dtype)

    def regions(file: h5py.File) -> None:
        one = file["layers/lstm/cell/vars/1"].regionref[0:1, :]
        file.create_dataset(kernel, (1,), h5py.regionref_dtype)[0] = one

    def compound(file: h5py.File) -> None:
        file[kernel] = np.zeros(8, [("a", "f4"), ("b", "i4")])

    def ragged(file: h5py.File) -> None:
        file.create_dataset(kernel, (4,), h5py.vlen_dtype(np.float32))

    def blocks(file: h5py.File) -> None:
        file.create_dataset(kernel, (4,), np.dtype(("f4", (8,))))

    def opaque(file: h5py.File) -> None:
        file[kernel] = np.array([b"abc"] * 8, "V3")

    def named_type(file: h5py.File) -> None:
        file["layers/type"] = np.dtype("f4")

    def deep(file: h5py.File) -> None:
        file.create_group("layers/" + "/".join("x" * 200))

    def wide(file: h5py.File) -> None:
        for number in range(6_000):
            file.create_group(f"layers/g{number}")

    def long_name(file: h5py.File) -> None:
        file.create_group("layers/" + "n" * 10_000)

    def integers(file: h5py.File) -> None:
        file[kernel] = np.ones((FEATURES, 8), np.int32)

    def scalar(file: h5py.File) -> None:
        file[kernel] = np.float32(1)

    def nothing(file: h5py.File) -> None:
        file[kernel] = h5py.Empty("f4")

    made = {
        name.__name__: in_keras(name)
        for name in (
            external_link, soft_link, dangling, hard_link, cycle, root_cycle, external_data, virtual, absurd, unlimited,
            contiguous, bomb, many_bombs, lzf, scaled, strings, fixed_strings, references, regions, compound, ragged,
            blocks, opaque, named_type, deep, wide, long_name, integers, scalar, nothing,
        )
    }  # fmt: skip
    good = whole_model()

    def config_is_number(file: h5py.File) -> None:
        del file.attrs["model_config"]
        file.attrs["model_config"] = np.arange(9)

    def config_is_reference(file: h5py.File) -> None:
        del file.attrs["model_config"]
        file.attrs.create("model_config", file["model_weights"].ref, dtype=h5py.ref_dtype)

    def lists_what_is_not_there(file: h5py.File) -> None:
        file["model_weights"].attrs["layer_names"] = np.array([b"input", b"embedding", b"../lstm", b"dense"])

    def leads_out(file: h5py.File) -> None:
        file["model_weights/lstm"].attrs["weight_names"] = np.array([b"/etc/passwd", b"../dense/dense/0:0"])

    def link_elsewhere(file: h5py.File) -> None:
        file["optimizer_weights"] = h5py.ExternalLink("/proc/self/environ", "/")

    return {f"h5_{name}.keras": data for name, data in made.items()} | {
        "h5_cut.h5": good[: len(good) // 2],
        "h5_no_config.h5": whole_model(skip="config"),
        "h5_no_names.h5": whole_model(names=False),
        "h5_config_number.h5": whole_model(more=config_is_number),
        "h5_config_reference.h5": whole_model(more=config_is_reference),
        "h5_layer_missing.h5": whole_model(more=lists_what_is_not_there),
        "h5_weight_leads_out.h5": whole_model(more=leads_out),
        "h5_link_elsewhere.h5": whole_model(more=link_elsewhere),
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
