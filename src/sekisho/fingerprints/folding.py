"""Texts as they are compared: 16-bit codes of their letters and digits, each with its place in the text as it was.

Width, case, accents and voicing marks, katakana and small kana, old and new kanji, traditional and simplified hanzi fold together; blanks,
line ends, punctuation, invisible characters, readings in brackets (ruby) and Aozora Bunko notes are dropped.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from sekisho.kernels import passages
from sekisho.kernels.passages import MARGIN, Codes, Offsets

DROPPED = 0x8000


@cache
def table() -> Codes:
    """The code of every code point, 0 where it is dropped; written by tools/fold_table.py."""
    packed = resources.files(__package__).joinpath("fold.bin").read_bytes()
    distances = np.frombuffer(zlib.decompress(packed), "<u2")
    points = np.arange(len(distances), dtype=np.uint32).astype(np.uint16)
    return np.where(distances == DROPPED, 0, points + distances).astype(np.uint16)


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A folded text. ``framed`` holds its codes between two margins, ``offsets`` where each stands, in code points; ``length`` is the text's own."""

    framed: Codes
    offsets: Offsets
    length: int

    @property
    def codes(self) -> Codes:
        """The codes without the margins."""
        return self.framed[MARGIN:-MARGIN]

    def region(self, start: int, end: int) -> tuple[int, int]:
        """Where the codes from ``start`` to ``end`` stand in the text, in code points."""
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1


def fold(text: str | bytes) -> Folded:
    """``text`` (bytes are UTF-8; a stray byte counts as one character) folded."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return Folded(*passages.fold(raw, table()))
