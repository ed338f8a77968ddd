"""The loop of ``ids.c``: row ids as a column of text."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho.kernels import library
from sekisho.kernels.columns import at

DIGITS = 20


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    kernels.sekisho_ids.argtypes = [ctypes.c_char_p, number, pointer, number, pointer, pointer]
    kernels.sekisho_ids.restype = number
    return kernels


def ids(prefix: str, rows: NDArray[np.int64]) -> pa.Array:
    """``prefix`` followed by the number of each of ``rows``, as text."""
    head = prefix.encode()
    offsets, out = np.empty(len(rows) + 1, np.int32), np.empty(len(rows) * (len(head) + DIGITS), np.uint8)
    size = _kernels().sekisho_ids(head, len(head), at(rows), len(rows), at(offsets), at(out))
    return pa.StringArray.from_buffers(len(rows), pa.py_buffer(offsets), pa.py_buffer(out[:size]))
