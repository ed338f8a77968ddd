"""How many characters of each script texts hold: ``scripts.c`` on a column of texts."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

from sekisho.kernels import library


class Scripts(NamedTuple):
    """Characters of a text by script, all characters, and words of letters and digits."""

    kana: int
    kanji: int
    hangul: int
    latin: int
    cyrillic: int
    other: int
    digits: int
    rest: int
    characters: int
    words: int

    @property
    def dense(self) -> int:
        """Kana, kanji and Hangul."""
        return self.kana + self.kanji + self.hangul


@cache
def _kernel() -> Any:
    kernel = library().sekisho_scripts
    kernel.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int64), ctypes.c_int64, ctypes.POINTER(ctypes.c_int64)]
    kernel.restype = None
    return kernel


def scripts(texts: Sequence[str]) -> list[Scripts]:
    """The counts of each text."""
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    width, number = len(Scripts._fields), len(raw)
    bounds = (ctypes.c_int64 * (number + 1))(0, *accumulate(map(len, raw)))
    counts = (ctypes.c_int64 * (number * width))()
    _kernel()(b"".join(raw), bounds, number, counts)
    flat = counts[:]
    return [Scripts._make(flat[at : at + width]) for at in range(0, number * width, width)]
