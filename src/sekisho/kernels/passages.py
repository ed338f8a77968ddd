"""The passage finder of ``passages.c`` on numpy arrays: fold a text, hash its seeds, scan it for the works of a segment."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.kernels import library

MARGIN = 32
"""Codes that must stand before and after what is scanned, so that no loop asks where the end is."""
DENSE, DENSE_SEED, SPARSE_SEED = 0x2E80, 8, 13
"""From this code on a character says much: kana, kanji, Hangul; below it stand alphabets. Codes of a seed that begins with one or the other."""
ENTRY_POSITIONS = 1 << 26
"""An entry of a segment has room for this many positions (each ``step`` codes apart)."""

WINDOW = 1 << 16
"""Codes scanned in one go; what is found in them fits into CAPACITY passages unless dozens of works hold the same text."""
CAPACITY = 1024

Codes = npt.NDArray[np.uint16]
Offsets = npt.NDArray[np.uint32]


class _Segment(ctypes.Structure):
    _fields_ = (
        ("codes", ctypes.c_void_p),
        ("count", ctypes.c_int64),
        ("buckets", ctypes.c_void_p),
        ("bucket_count", ctypes.c_int64),
        ("entries", ctypes.c_void_p),
        ("entry_count", ctypes.c_int64),
        ("step", ctypes.c_int64),
    )


class _Limits(ctypes.Structure):
    _fields_ = (("dense", ctypes.c_int64), ("sparse", ctypes.c_int64))


class Limits(NamedTuple):
    """Points that a passage must earn: one for each character found, less about one and a half for each difference."""

    dense: int
    """Where all characters are kana, kanji or Hangul."""
    sparse: int
    """Where all are letters of an alphabet or digits."""


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    kernels.sekisho_fold.argtypes = [ctypes.c_char_p, number, pointer, pointer, pointer, ctypes.POINTER(number)]
    kernels.sekisho_fold.restype = number
    kernels.sekisho_seeds.argtypes = [pointer, number, number, pointer]
    kernels.sekisho_seeds.restype = None
    kernels.sekisho_scan.argtypes = [ctypes.POINTER(_Segment), pointer, number, number, ctypes.POINTER(_Limits), pointer, number]
    kernels.sekisho_scan.restype = number
    return kernels


def _address(array: npt.NDArray[Any], skipped: int = 0) -> int:
    """Where ``array`` lies in memory, past ``skipped`` elements; numpy's own ``ctypes`` attribute costs more than a short scan."""
    return int(array.__array_interface__["data"][0]) + skipped * array.itemsize


def fold(text: bytes, table: Codes) -> tuple[Codes, Offsets, int]:
    """The codes of UTF-8 ``text`` with ``MARGIN`` codes 0xFFFF on both sides, where each stands in code points, and the number of code points."""
    codes = np.empty(len(text) + 2 * MARGIN + 1, np.uint16)
    offsets = np.empty(len(text) + 1, np.uint32)
    points = ctypes.c_int64()
    count = _kernels().sekisho_fold(text, len(text), _address(table), _address(codes, MARGIN), _address(offsets), ctypes.byref(points))
    codes[:MARGIN] = codes[MARGIN + count : MARGIN * 2 + count] = 0xFFFF
    return codes[: count + 2 * MARGIN], offsets[:count], points.value


def seeds(codes: Codes, step: int) -> npt.NDArray[np.uint64]:
    """The hash of the seed at every ``step``-th of ``codes`` (which have margins); 0 where there is none worth keeping."""
    count = len(codes) - 2 * MARGIN
    hashes = np.empty(-(-count // step), np.uint64)
    _kernels().sekisho_seeds(_address(codes, MARGIN), count, step, _address(hashes))
    return hashes


class Segment:
    """The codes and seeds of works, laid out for ``scan``; keeps the arrays alive that the kernel reads."""

    def __init__(self, codes: Codes, buckets: npt.NDArray[np.uint32], entries: npt.NDArray[np.uint32], step: int) -> None:
        self._kept = (codes, buckets, entries)
        self._raw = _Segment(
            _address(codes, MARGIN),
            len(codes) - 2 * MARGIN,
            _address(buckets),
            len(buckets) // 2 - 1,
            _address(entries),
            len(entries),
            step,
        )

    def scan(self, codes: Codes, start: int, limits: Limits) -> npt.NDArray[np.int64]:
        """The passages of the works with a seed in the ``WINDOW`` of ``codes`` (which have margins) from ``start`` on; they may reach beyond it.

        A row each: start and end in the text, start and end among the works' codes, differences, points and points asked for, both times two. Raises MemoryError.
        """
        found = np.empty((CAPACITY, 7), np.int64)
        end = min(start + WINDOW, len(codes) - 2 * MARGIN)
        number = _kernels().sekisho_scan(
            ctypes.byref(self._raw), _address(codes, MARGIN), start, end, ctypes.byref(_Limits(*limits)), _address(found), CAPACITY
        )
        if number < 0:
            raise MemoryError
        return found[:number]
