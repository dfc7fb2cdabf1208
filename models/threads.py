"""One thread for NumPy's matrix products.

A network is read with very many small products, one a timestep. Split over several threads, each of them waits for
the slowest, and on a machine that is busy with anything else the waiting costs ten times the work. Several visitors,
or several processes, fill the processor better.
"""

from __future__ import annotations

from functools import cache

import numpy as np  # noqa: F401  (its BLAS has to be loaded before it can be limited)


@cache
def one_blas_thread() -> bool:
    """Let the BLAS library that NumPy uses compute in the calling thread; False where there is none to be told so.

    Asked again it does nothing. It can be asked at any time, unlike the environment variable
    ``OPENBLAS_NUM_THREADS``, which counts only until NumPy is imported. On a cluster whose workers have NumPy and h5py
    and no threadpoolctl that variable is the way.
    """
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return False
    libraries = ThreadpoolController().select(user_api="blas")
    libraries.limit(limits=1)  # kept: the limiter is not used as a context manager, so nothing takes it back
    return bool(libraries.lib_controllers)
