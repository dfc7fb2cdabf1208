"""One thread for NumPy's matrix products.

A network is read with very many small products, one a timestep. Split over several threads, each of them waits for
the slowest, and on a machine that is busy with anything else the waiting costs ten times the work. Several visitors,
or several processes, fill the processor better.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import numpy as np

_SETTERS = ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads", "openblas_set_num_threads")


@cache
def one_blas_thread() -> bool:
    """Let the OpenBLAS that NumPy brings compute in the calling thread; False where NumPy brings another library.

    Asked again it does nothing. It can be asked at any time, unlike the environment variable
    ``OPENBLAS_NUM_THREADS``, which counts only until NumPy is imported.
    """
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for file in sorted(folder.glob("*openblas*")):
            try:
                library = ctypes.CDLL(str(file))
            except OSError:
                continue
            for name in _SETTERS:
                if hasattr(library, name):
                    getattr(library, name)(ctypes.c_int(1))
                    return True
    return False
