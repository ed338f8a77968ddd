"""What people see on a terminal: tables, and words of strangers that stay words."""

from __future__ import annotations

import re
from typing import Any, TextIO

STEERING = re.compile(r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the direction of reading."""


def inert(text: str) -> str:
    """``text`` with every character that would steer a terminal spelt as JSON spells it; lines and tabs stay."""
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Inert:
    """A stream on which nothing steers the terminal, whoever wrote it: addresses, captions and quotes come from strangers."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write ``text`` made inert."""
        return self.stream.write(inert(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def print_table(rows: list[list[str]]) -> None:
    """Print rows of words in columns; wide characters count two."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(" " * (wide - width(cell)) + cell for cell, wide in zip(row, widths, strict=True)))


def width(text: str) -> int:
    """How many columns ``text`` takes."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
