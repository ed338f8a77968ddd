"""Arrow's columns of strings as the kernels take them: pointers into their buffers, nothing copied."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class Strings(ctypes.Structure):
    """The ``Strings`` of ``columns.h``; keeps the column alive."""

    _fields_ = (
        ("offsets", ctypes.c_void_p),
        ("data", ctypes.c_void_p),
        ("valid", ctypes.c_void_p),
        ("first", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        ("wide", ctypes.c_int64),
    )
    column: pa.Array


def strings(column: pa.Array) -> Strings:
    """``column`` (strings or binaries, large ones too) for a kernel."""
    valid, offsets, octets = column.buffers()
    wide = pa.types.is_large_string(column.type) or pa.types.is_large_binary(column.type)
    valid_at = valid.address if valid is not None and column.null_count else None
    offsets_at = offsets.address if offsets is not None and offsets.size else np.zeros(1, np.int64).ctypes.data
    found = Strings(offsets_at, octets.address if octets is not None else None, valid_at, column.offset, len(column), int(wide))
    found.column = column
    return found


def at(array: NDArray[Any]) -> int:
    """Where ``array`` lies in memory."""
    return int(array.__array_interface__["data"][0])


class Growing:
    """Numbers that grow at the end; ``room`` is longer than they are and holds ``outside`` there, so small negative places lead to that."""

    def __init__(self, kind: type[np.generic], outside: int) -> None:
        self.room = np.full(1024, outside, kind)
        self._outside = outside
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, more: NDArray[Any]) -> None:
        """Put ``more`` at the end."""
        end = self._count + len(more)
        if end + 8 > len(self.room):
            room = np.full(2 * end + 8, self._outside, self.room.dtype)
            room[: self._count] = self.room[: self._count]
            self.room = room
        self.room[self._count : end] = more
        self._count = end
