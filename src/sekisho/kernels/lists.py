"""The search of ``lists.c`` on numpy arrays: which of many described points resemble those that are asked for."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.kernels import library

WORDS, DIMENSIONS = 256, 32
Codes = npt.NDArray[np.uint8]
"""One description a row: 32 numbers of four bits."""
Distances = npt.NDArray[np.float32]


class Alike(NamedTuple):
    """Pairs of alike points: the number of the asked one, the place of the listed one, and how far apart they are."""

    whose: npt.NDArray[np.int32]
    places: npt.NDArray[np.int64]
    apart: npt.NDArray[np.int32]


@cache
def _search() -> Any:
    kernel = library().sekisho_lists_search
    pointer, number, small = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
    kernel.argtypes = [pointer, pointer, pointer, number, pointer, pointer, small, number, number, pointer, pointer, pointer]
    kernel.restype = number
    return kernel


def _at(array: Any) -> int:
    return int(array.ctypes.data)


def search(
    asked: npt.NDArray[np.int16],
    to_words: tuple[Distances, Distances],
    starts: npt.NDArray[np.uint32],
    codes: Codes,
    *,
    within: int,
    visits: int,
    room: int,
) -> Alike:
    """The listed points within ``within`` of each of ``asked``; of each, lists are opened, nearest words first, until ``visits`` points were seen."""
    found = Alike(np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int32))
    first, second = (np.ascontiguousarray(part, np.float32) for part in to_words)
    wanted = np.ascontiguousarray(asked, np.int16)
    got = _search()(
        *[_at(wanted), _at(first), _at(second), len(wanted), _at(starts), _at(codes), within, visits, room],
        *map(_at, found),
    )
    return Alike(found.whose[:got], found.places[:got], found.apart[:got])
