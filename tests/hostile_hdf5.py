"""HDF5 files that a stranger might bring: links, bombs, and types that no weights have."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import h5py
import numpy as np

from tests.network_files import FEATURES, h5, keras, weights, whole_model

MILLION = 1_000_000
PACKED = zlib.compress(bytes(4 * MILLION), 9)


def packed_zeros(file: h5py.File, path: str, millions: int) -> None:
    """So many million zeros in a few bytes: one packed chunk, written again and again."""
    made = file.create_dataset(path, (millions * MILLION,), "f4", chunks=(MILLION,), compression="gzip")
    for number in range(millions):
        made.id.write_direct_chunk((number * MILLION,), PACKED)


def files() -> dict[str, bytes]:
    """Each by the name under which it is brought."""
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
        packed_zeros(file, kernel, 60)

    def many_bombs(file: h5py.File) -> None:
        for number in range(30):
            packed_zeros(file, f"layers/{number}", 4)

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
