"""The loop of ``addresses.c`` on Arrow columns: the authorities met so far, and where the path of each URL lies."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho.kernels import library
from sekisho.kernels.columns import Strings, at, strings

NONE, ODD = -1, -2
"""Codes of rows that have no authority: null, and what is spelled so that only a URL parser can tell."""


class Split(NamedTuple):
    """For each row the number of its authority, and where its path and query lie in it."""

    codes: NDArray[np.int32]
    starts: NDArray[np.uint32]
    sizes: NDArray[np.uint32]
    marks: NDArray[np.uint8]


class Names(NamedTuple):
    """Names of authorities in order; those that are not ``plain`` are written as found, and a URL parser has to say what they are."""

    names: pa.Array
    plain: NDArray[np.int32]


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number, small = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
    kernels.sekisho_authorities_new.restype = pointer
    kernels.sekisho_authorities_free.argtypes = [pointer]
    kernels.sekisho_authorities_free.restype = None
    kernels.sekisho_authorities_count.argtypes = [pointer]
    kernels.sekisho_authorities_count.restype = number
    kernels.sekisho_authority.argtypes = [pointer, ctypes.c_char_p, number, small]
    kernels.sekisho_authority.restype = small
    kernels.sekisho_authorities_since.argtypes = [pointer, number, number, pointer, pointer, pointer]
    kernels.sekisho_authorities_since.restype = number
    kernels.sekisho_authorities_name.argtypes = [pointer, number, ctypes.POINTER(number)]
    kernels.sekisho_authorities_name.restype = pointer
    kernels.sekisho_authorities_counted.argtypes = [pointer, pointer, number, pointer, pointer]
    kernels.sekisho_authorities_counted.restype = None
    kernels.sekisho_addresses.argtypes = [pointer, ctypes.POINTER(Strings), pointer, pointer, pointer, pointer]
    kernels.sekisho_addresses.restype = number
    return kernels


class Authorities:
    """The distinct authorities met so far, numbered in order of appearance; grows with every column that is split."""

    def __init__(self) -> None:
        self.pointer = _kernels().sekisho_authorities_new()
        if not self.pointer:
            raise MemoryError

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            _kernels().sekisho_authorities_free(self.pointer)

    def __len__(self) -> int:
        return int(_kernels().sekisho_authorities_count(self.pointer))

    def __getitem__(self, number: int) -> str:
        """The name with this number."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        size = ctypes.c_int64()
        start = _kernels().sekisho_authorities_name(self.pointer, number, ctypes.byref(size))
        return ctypes.string_at(start, size.value).decode("utf-8", "replace")

    def number(self, name: str, *, plain: bool = True) -> int:
        """The number of ``name``, which is added when it is new."""
        octets = name.encode()
        found = int(_kernels().sekisho_authority(self.pointer, octets, len(octets), int(plain)))
        if found < 0:
            raise MemoryError
        return found

    def since(self, first: int) -> Names:
        """The names from number ``first`` on."""
        count = len(self) - first
        size = int(_kernels().sekisho_authorities_since(self.pointer, first, -1, None, None, None))
        offsets, octets, plain = np.zeros(count + 1, np.int64), np.empty(size, np.uint8), np.empty(count, np.int32)
        _kernels().sekisho_authorities_since(self.pointer, first, size, at(offsets), at(octets), at(plain))
        return Names(pa.LargeStringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(octets)), plain)

    def split(self, urls: pa.Array) -> Split:
        """The codes and paths of a column of strings; ``NONE`` and ``ODD`` where there is no code."""
        rows = len(urls)
        found = Split(np.empty(rows, np.int32), np.empty(rows, np.uint32), np.empty(rows, np.uint32), np.empty(rows, np.uint8))
        if _kernels().sekisho_addresses(self.pointer, ctypes.byref(strings(urls)), *(at(column) for column in found)) < 0:
            raise MemoryError
        return found


def counted(codes: NDArray[np.int32], kept: NDArray[np.bool_], every: NDArray[np.int64], good: NDArray[np.int64]) -> None:
    """Add to ``every`` the rows of each authority, and to ``good`` those that are kept; both are long enough for all codes."""
    _kernels().sekisho_authorities_counted(at(codes), at(kept), len(codes), at(every), at(good))
