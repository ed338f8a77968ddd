"""The table of files of ``table.c`` and ``robots.c``: equal programs, shapes and files kept once."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho.kernels import library
from sekisho.kernels.columns import Strings, at, strings

NOT_COMPILED = -2
"""The file number of a body of which the kernel cannot tell how the answer depends on the path."""
MOST_TOKENS = 256
PROGRAM = np.dtype([("bloom", np.uint64), ("rules", np.uint32), ("count", np.uint32), ("open", np.uint32), ("crawl", np.uint32)])
RULE = np.dtype(
    [("head", np.uint64), ("mask", np.uint64), ("needs", np.uint64), ("text", np.uint32), ("size", np.uint16), ("outcome", np.uint16)]
)
_DRAFT = np.dtype([("at", np.uint32), ("octets", np.uint32), ("size", np.uint16), ("outcome", np.uint16), ("end", np.uint32)])


class Token(NamedTuple):
    """A product token in lower case; tokens whose refusal refuses the same ``uses`` share a number, ``whole`` ones are called by whole lines only."""

    name: str
    uses: int
    whole: bool


class Entry(NamedTuple):
    """One pattern of a program: normalised, its wildcards as ``*``, how it ends, and what it decides (from 1; 0 is the same as no match)."""

    text: bytes
    end: int
    outcome: int


OPEN, ANCHORED, EXTENSION = 0, 1, 2
"""How a pattern ends: anywhere, with the target, or (a file extension in lower case) with the target's path."""


class _Part(IntEnum):
    TEXTS, RULES, PROGRAMS, SHAPES, SHAPE_STARTS, FILES, FILE_STARTS, WHERES, QUOTES = range(9)


class Tables(NamedTuple):
    """The finished table: octets of patterns, rules, programs, shapes, and for each file its shape and its programs (counted from 0)."""

    texts: NDArray[np.uint8]
    rules: NDArray[np.void]
    programs: NDArray[np.void]
    shapes: list[bytes]
    file_shapes: NDArray[np.uint32]
    file_starts: NDArray[np.uint32]
    file_programs: NDArray[np.uint32]


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number, small = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
    kernels.sekisho_table_new.argtypes = [ctypes.c_char_p, pointer, pointer, pointer, number]
    kernels.sekisho_table_new.restype = pointer
    kernels.sekisho_table_free.argtypes = [pointer]
    kernels.sekisho_table_free.restype = None
    kernels.sekisho_table_robots.argtypes = [pointer, ctypes.POINTER(Strings), pointer, pointer]
    kernels.sekisho_table_robots.restype = number
    kernels.sekisho_robots_plain.argtypes = [ctypes.POINTER(Strings), number, pointer]
    kernels.sekisho_robots_plain.restype = None
    kernels.sekisho_table_cited.argtypes = [pointer, ctypes.POINTER(Strings), pointer, pointer]
    kernels.sekisho_table_cited.restype = number
    kernels.sekisho_table_program.argtypes = [pointer, pointer, number, ctypes.c_char_p]
    kernels.sekisho_table_program.restype = number
    kernels.sekisho_table_file.argtypes = [pointer, ctypes.c_char_p, number, pointer, number]
    kernels.sekisho_table_file.restype = number
    kernels.sekisho_table_size.argtypes = [pointer, small]
    kernels.sekisho_table_size.restype = number
    kernels.sekisho_table_copy.argtypes = [pointer, small, pointer]
    kernels.sekisho_table_copy.restype = None
    return kernels


class FileTable:
    """Files under construction, robots.txt compiled for the ``tokens`` asked. Raises MemoryError when memory is short."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        names = [token.name.encode() for token in tokens]
        offsets = np.cumsum([0, *map(len, names)], dtype=np.int64)
        uses, whole = np.array([token.uses for token in tokens], np.uint8), np.array([token.whole for token in tokens], np.uint8)
        self._pointer = _kernels().sekisho_table_new(b"".join(names), at(offsets), at(uses), at(whole), len(tokens))
        if not self._pointer:
            raise MemoryError

    def __del__(self) -> None:
        if getattr(self, "_pointer", None):
            _kernels().sekisho_table_free(self._pointer)

    def robots(self, bodies: pa.Array, flags: NDArray[np.uint8]) -> NDArray[np.int32]:
        """The number of the file of each body (binary, nulls allowed), or ``NOT_COMPILED``; ``flags`` say what was wrong with it."""
        files = np.empty(len(bodies), np.int32)
        _checked(_kernels().sekisho_table_robots(self._pointer, ctypes.byref(strings(bodies)), at(flags), at(files)))
        return files

    def cited(self, bodies: pa.Array) -> tuple[pa.Array, pa.Array]:
        """For each robots.txt the numbers of the lines that refuse one of the tokens, or everybody, and their words; empty where there are none."""
        wheres, quotes = np.empty(len(bodies) + 1, np.int64), np.empty(len(bodies) + 1, np.int64)
        _checked(_kernels().sekisho_table_cited(self._pointer, ctypes.byref(strings(bodies)), at(wheres), at(quotes)))
        return self._column(wheres, _Part.WHERES), self._column(quotes, _Part.QUOTES)

    def program(self, patterns: Sequence[Entry]) -> int:
        """The number, from 1, of the program in which the first of ``patterns`` that covers a target decides."""
        ends = np.cumsum([0, *(len(pattern.text) for pattern in patterns)])
        drafts = np.array([(start, 0, len(p.text), p.outcome, p.end) for start, p in zip(ends, patterns, strict=False)], _DRAFT)
        texts = b"".join(pattern.text for pattern in patterns)
        return _checked(_kernels().sekisho_table_program(self._pointer, at(drafts), len(patterns), texts))

    def file(self, shape: bytes, programs: Sequence[int]) -> int:
        """The number of the file of this shape and these programs."""
        listed = np.array(programs, np.uint32)
        return _checked(_kernels().sekisho_table_file(self._pointer, shape, len(shape), at(listed), len(listed)))

    def tables(self) -> Tables:
        """All that was put in."""
        files, starts = self._part(_Part.FILES).view(np.uint32), self._part(_Part.FILE_STARTS).view(np.int64) // 4
        shapes, ends = self._part(_Part.SHAPES).tobytes(), self._part(_Part.SHAPE_STARTS).view(np.int64)
        heads = starts[:-1]
        return Tables(
            self._part(_Part.TEXTS),
            self._part(_Part.RULES).view(RULE),
            self._part(_Part.PROGRAMS).view(PROGRAM),
            [shapes[start:end] for start, end in pairwise(ends)],
            files[heads],
            (starts - np.arange(len(starts))).astype(np.uint32),
            np.delete(files, heads) - np.uint32(1),
        )

    def _part(self, part: _Part) -> NDArray[np.uint8]:
        octets = np.empty(_kernels().sekisho_table_size(self._pointer, part), np.uint8)
        _kernels().sekisho_table_copy(self._pointer, part, at(octets))
        return octets

    def _column(self, offsets: NDArray[np.int64], part: _Part) -> pa.Array:
        return pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(self._part(part))]
        )


def plain(bodies: pa.Array, limit: int) -> NDArray[np.bool_]:
    """Which bodies are plain UTF-8 text of at most ``limit`` octets, so that nothing has to be done to them before they are compiled."""
    found = np.empty(len(bodies), np.uint8)
    _kernels().sekisho_robots_plain(ctypes.byref(strings(bodies)), limit, at(found))
    return found.astype(np.bool_)


def _checked(number: int) -> int:
    if number < 0:
        raise MemoryError
    return number
