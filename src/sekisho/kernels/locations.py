"""The loop of ``locations.c`` on Arrow columns: for each row its site, and a signature of which rules of the site's files cover its path."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho.kernels import library
from sekisho.kernels.columns import Strings, at, strings

NOWHERE, BY_ADDRESS = -1, -2
"""Signatures of rows without an authority, and of those about whose very address the readers have to be asked."""
UNSEEN = 0
"""The site of authorities of which nothing was observed."""
UNCOMPILED, ANSWERS, DATED = 1, 2, 4
NO_MOMENT = np.iinfo(np.int64).min

NO_RECORD, SEVERAL = -1, -2
"""What stands for the record of a site that has none, or more than one."""

SITE = np.dtype(
    [*((name, np.uint32) for name in ("shape", "programs", "count", "dates", "date_count", "later", "flags")), ("record", np.int32)]
)
STEP = np.dtype([("before", np.uint32), ("row", np.uint32), ("step", np.uint16), ("decided", np.uint16), ("site", np.uint32)])


class Paths(NamedTuple):
    """Where path and query of each row lie in a column of URLs, and what has to be done to them first."""

    column: pa.Array
    codes: NDArray[np.int32]
    starts: NDArray[np.uint32]
    sizes: NDArray[np.uint32]
    marks: NDArray[np.uint8]


class Found(NamedTuple):
    """For each row its site, its signature, and the record that its site stands on (``NO_RECORD`` or ``SEVERAL`` where that is not one)."""

    sites: NDArray[np.int32]
    signatures: NDArray[np.int32]
    records: NDArray[np.int32]


class HostArrays(NamedTuple):
    """The host table as arrays; they may lie in a file mapped into memory."""

    slots: NDArray[np.uint32]
    name_starts: NDArray[np.int64]
    names: NDArray[np.uint8]
    site_of: NDArray[np.uint32]
    sites: NDArray[np.void]
    listed: NDArray[np.uint32]
    dates: NDArray[np.int64]
    programs: NDArray[np.void]
    rules: NDArray[np.void]
    texts: NDArray[np.uint8]
    answers: NDArray[np.uint64]


class _HostTable(ctypes.Structure):
    _fields_ = (
        ("slots", ctypes.c_void_p),
        ("slot_mask", ctypes.c_uint64),
        *(
            (name, ctypes.c_void_p)
            for name in ("name_starts", "names", "site_of", "sites", "listed", "dates", "programs", "rules", "texts")
        ),
        ("answers", ctypes.c_void_p),
        ("answer_mask", ctypes.c_uint64),
    )


class _Rows(ctypes.Structure):
    _fields_ = (
        ("urls", ctypes.POINTER(Strings)),
        *((name, ctypes.c_void_p) for name in ("starts", "sizes", "marks", "captured", "codes", "sites", "hashes")),
    )


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    kernels.sekisho_locations_resolve.argtypes = [ctypes.POINTER(_HostTable), ctypes.POINTER(Strings), pointer, pointer]
    kernels.sekisho_locations_resolve.restype = None
    kernels.sekisho_signatures_new.argtypes = [number]
    kernels.sekisho_signatures_new.restype = pointer
    kernels.sekisho_signatures_free.argtypes = [pointer]
    kernels.sekisho_signatures_free.restype = None
    kernels.sekisho_signatures_since.argtypes = [pointer, number, pointer]
    kernels.sekisho_signatures_since.restype = number
    kernels.sekisho_locations.argtypes = [ctypes.POINTER(_HostTable), pointer, ctypes.POINTER(_Rows), pointer, pointer, pointer]
    kernels.sekisho_locations.restype = number
    kernels.sekisho_locations_hashes.argtypes = [ctypes.POINTER(_Rows), pointer]
    kernels.sekisho_locations_hashes.restype = number
    kernels.sekisho_locations_name_hashes.argtypes = [ctypes.POINTER(Strings), pointer]
    kernels.sekisho_locations_name_hashes.restype = None
    kernels.sekisho_locations_answers.argtypes = [pointer, number, pointer, ctypes.c_uint64]
    kernels.sekisho_locations_answers.restype = None
    kernels.sekisho_locations_slots.argtypes = [ctypes.POINTER(Strings), pointer, ctypes.c_uint64]
    kernels.sekisho_locations_slots.restype = None
    return kernels


class Signatures:
    """The signatures met so far; those below ``shapes`` are the shapes of sites themselves."""

    def __init__(self, shapes: int) -> None:
        self.shapes = shapes
        self.pointer = _kernels().sekisho_signatures_new(shapes)
        if not self.pointer:
            raise MemoryError

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            _kernels().sekisho_signatures_free(self.pointer)

    def __len__(self) -> int:
        return self.shapes + int(_kernels().sekisho_signatures_since(self.pointer, 0, None))

    def since(self, first: int) -> NDArray[np.void]:
        """The steps by which the signatures from number ``first`` on came about."""
        steps = np.empty(len(self) - first, STEP)
        _kernels().sekisho_signatures_since(self.pointer, first - self.shapes, at(steps))
        return steps


class Hosts:
    """The host table, ready for the kernel."""

    def __init__(self, arrays: HostArrays) -> None:
        self.arrays = arrays
        places = {name: at(array) for name, array in arrays._asdict().items()}
        self._table = _HostTable(**places, slot_mask=len(arrays.slots) - 1, answer_mask=len(arrays.answers) - 1)

    def resolve(self, names: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
        """The site of each authority by its name, and the hash of the name."""
        sites, hashes = np.empty(len(names), np.int32), name_hashes(names)
        _kernels().sekisho_locations_resolve(ctypes.byref(self._table), ctypes.byref(strings(names)), at(hashes), at(sites))
        return sites, hashes

    def find(
        self,
        known: Signatures,
        paths: Paths,
        of_code: tuple[NDArray[np.int32], NDArray[np.uint64]],
        captured: NDArray[np.int64] | None = None,
    ) -> Found:
        """Where each row lies, ``of_code`` being what ``resolve`` says of each authority; raises MemoryError."""
        found = Found(*(np.empty(len(paths.codes), np.int32) for _ in Found._fields))
        rows = _rows(paths, of_code, captured)
        if (
            _kernels().sekisho_locations(ctypes.byref(self._table), known.pointer, ctypes.byref(rows), *(at(column) for column in found))
            < 0
        ):
            raise MemoryError
        return found


def _rows(paths: Paths, of_code: tuple[NDArray[np.int32], NDArray[np.uint64]], captured: NDArray[np.int64] | None) -> _Rows:
    column = strings(paths.column)
    moments = None if captured is None else at(captured)
    rows = _Rows(
        ctypes.pointer(column),
        at(paths.starts),
        at(paths.sizes),
        at(paths.marks),
        moments,
        at(paths.codes),
        *(at(column) for column in of_code),
    )
    rows.kept = (column, paths, of_code, captured)
    return rows


def slots(names: pa.Array) -> NDArray[np.uint32]:
    """The table by which ``resolve`` finds authorities by their names."""
    found = np.zeros(_room(len(names)), np.uint32)
    _kernels().sekisho_locations_slots(ctypes.byref(strings(names)), at(found), len(found) - 1)
    return found


def name_hashes(names: pa.Array) -> NDArray[np.uint64]:
    """The hash of each name of an authority."""
    found = np.empty(len(names), np.uint64)
    _kernels().sekisho_locations_name_hashes(ctypes.byref(strings(names)), at(found))
    return found


def hashes_of(paths: Paths, of_code: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hash of each row's address, 0 where there is none; ``of_code`` are the hashes of the authorities' names."""
    found = np.empty(len(paths.codes), np.uint64)
    rows = _rows(paths, (np.zeros(len(of_code), np.int32), of_code), None)
    if _kernels().sekisho_locations_hashes(ctypes.byref(rows), at(found)) < 0:
        raise MemoryError
    return found


def answered(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The set of the addresses with these hashes."""
    found = np.zeros(_room(len(hashes)), np.uint64)
    _kernels().sekisho_locations_answers(at(hashes), len(hashes), at(found), len(found) - 1)
    return found


def _room(count: int) -> int:
    return 1 << max(4, (count * 2 + 1).bit_length())
