"""The passage finder of ``passages.c`` on numpy arrays: fold a text, hash its seeds, scan it for the works of a segment."""

from __future__ import annotations

import ctypes
import threading
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
"""A segment has at most this many positions (each ``step`` codes apart): an entry has 32 bits, some of them for the hash."""

WINDOW = 1 << 16
"""Codes scanned in one go; what is found in them fits into CAPACITY passages unless dozens of works hold the same text."""
CAPACITY = 1024

SHORT = 1 << 18
"""Bytes of a text for which memory is kept ready."""

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
        ("position_bits", ctypes.c_int64),
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
    """Where ``array`` lies in memory, past ``skipped`` elements; what numpy itself offers for it costs more than the scan of a short text."""
    if array.flags.writeable and array.size:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data)) + skipped * array.itemsize
    return int(array.__array_interface__["data"][0]) + skipped * array.itemsize


class _Room(threading.local):
    """What one thread folds texts of up to ``bytes_`` into, and finds passages in; its addresses are asked for once."""

    def __init__(self, bytes_: int = SHORT) -> None:
        self.codes = np.empty(bytes_ + 2 * MARGIN + 1, np.uint16)
        self.offsets = np.empty(bytes_ + 1, np.uint32)
        self.found = np.empty((CAPACITY, 7), np.int64)
        self.points = ctypes.c_int64()
        self.folding = (_address(self.codes), _address(self.offsets), ctypes.byref(self.points))
        self.finding = _address(self.found)


_ROOM = _Room()


def fold(text: bytes, table: Codes) -> tuple[Codes, Offsets, int]:
    """The codes of UTF-8 ``text`` with ``MARGIN`` codes 0xFFFF on both sides, where each stands in code points, and the number of code points."""
    room = _ROOM if len(text) <= SHORT else _Room(len(text))
    count = _kernels().sekisho_fold(text, len(text), _address(table), *room.folding)
    return room.codes[: count + 2 * MARGIN].copy(), room.offsets[:count].copy(), room.points.value


def position_bits(positions: int) -> int:
    """How many bits of an entry number the ``positions`` of a segment."""
    return max(1, (positions - 1).bit_length())


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
        count = len(codes) - 2 * MARGIN
        self._raw = _Segment(
            _address(codes, MARGIN),
            count,
            _address(buckets),
            len(buckets) // 2 - 1,
            _address(entries),
            len(entries),
            step,
            position_bits(-(-count // step)),
        )

    def scan(self, codes: Codes, start: int, limits: Limits) -> list[list[int]]:
        """The passages of the works with a seed in the ``WINDOW`` of ``codes`` (which have margins) from ``start`` on; they may reach beyond it.

        A row each: start and end in the text, start and end among the works' codes, differences, points and points asked for, both times two. Raises MemoryError.
        """
        room = _ROOM
        end = min(start + WINDOW, len(codes) - 2 * MARGIN)
        number = _kernels().sekisho_scan(
            ctypes.byref(self._raw), _address(codes, MARGIN), start, end, ctypes.byref(_limits(limits)), room.finding, CAPACITY
        )
        if number < 0:
            raise MemoryError
        rows: list[list[int]] = room.found[:number].tolist() if number else []
        return rows


@cache
def _limits(limits: Limits) -> _Limits:
    return _Limits(*limits)
