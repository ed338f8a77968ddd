"""The loops of ``pictures.c`` on numpy arrays: a picture's average grid, and the nearest among 256-bit codes."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.kernels import library

Codes = npt.NDArray[np.uint64]
"""One code a row: 256 bits in four words."""
Forms = npt.NDArray[np.uint64]
"""The eight forms of one code, a row each."""


class Near(NamedTuple):
    """The codes that were found: their places, their distances in bits, and which of the eight forms came nearest."""

    places: npt.NDArray[np.int64]
    distances: npt.NDArray[np.int32]
    turns: npt.NDArray[np.int32]

    def pick(self, which: Any) -> Near:
        """The ones that the index or slice ``which`` picks, in its order."""
        return Near(self.places[which], self.distances[which], self.turns[which])


class Bands(NamedTuple):
    """For each band of ``bits`` bits, where the codes with each value of it are listed."""

    bits: int
    starts: npt.NDArray[np.uint32]
    places: npt.NDArray[np.uint32]


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number, small = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
    kernels.sekisho_picture_average.argtypes = [pointer, number, number, number, pointer]
    kernels.sekisho_picture_average.restype = None
    kernels.sekisho_codes_scan.argtypes = [pointer, number, pointer, pointer, small, number, pointer, pointer, pointer]
    kernels.sekisho_codes_scan.restype = number
    kernels.sekisho_codes_bands.argtypes = [pointer, number, small, small, pointer, pointer]
    kernels.sekisho_codes_bands.restype = None
    kernels.sekisho_codes_lookup.argtypes = [
        pointer,
        pointer,
        small,
        small,
        pointer,
        pointer,
        pointer,
        small,
        small,
        small,
        number,
        pointer,
        pointer,
        pointer,
    ]
    kernels.sekisho_codes_lookup.restype = number
    return kernels


def _at(array: Any) -> int:
    return int(array.ctypes.data)


def average(gray: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.float32]:
    """The mean gray of each cell of a grid of ``side`` by ``side`` laid over a picture, one byte a pixel."""
    pixels = np.ascontiguousarray(gray)
    height, width = pixels.shape
    grid = np.empty((side, side), np.float32)
    _kernels().sekisho_picture_average(_at(pixels), width, height, side, _at(grid))
    return grid


def scan(codes: Codes, forms: Forms, most: int, room: int) -> Near:
    """The ``room`` codes nearest to one of ``forms``, none farther than ``most`` bits, nearest first; looks at every code."""
    best, near = np.empty(len(codes), np.int32), _room(room)
    got = _kernels().sekisho_codes_scan(_at(codes), len(codes), _at(forms), _at(best), most, room, *map(_at, near))
    return near.pick(slice(got))


def bands(codes: Codes, bits: int) -> Bands:
    """The lists that ``lookup`` needs; as many bands of ``bits`` bits as fit into a code."""
    count = 256 // bits
    made = Bands(bits, np.empty((count, 2**bits + 1), np.uint32), np.empty((count, len(codes)), np.uint32))
    _kernels().sekisho_codes_bands(_at(codes), len(codes), count, bits, _at(made.starts), _at(made.places))
    return made


def lookup(codes: Codes, forms: Forms, lists: Bands, *, flips: int, most: int, room: int) -> Near:
    """The codes within ``most`` bits of one of ``forms`` that share a band with it up to ``flips`` bits; at most ``room``, in no order."""
    masks, near = _masks(lists.bits, flips), _room(room)
    got = _kernels().sekisho_codes_lookup(
        *[_at(codes), _at(forms), len(lists.starts), lists.bits, _at(lists.starts), _at(lists.places)],
        *[_at(masks), len(masks), flips, most, room, *map(_at, near)],
    )
    return near.pick(slice(got))


def _room(room: int) -> Near:
    return Near(np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int32))


@cache
def _masks(bits: int, flips: int) -> npt.NDArray[np.uint32]:
    """Every mask over ``bits`` bits with at most ``flips`` (0, 1 or 2) of them set."""
    single = [0] + [1 << bit for bit in range(bits)] * (flips > 0)
    double = [1 << one | 1 << other for one in range(bits) for other in range(one)] * (flips > 1)
    return np.array(single + double, np.uint32)
