"""What the compiler found in a robots.txt apart from where its rules lie, and what of it makes a difference to an answer.

A shape says for each kind of token asked which programs of the file it heeds. Rows for which the same programs decided the same are answered
alike; and it makes no difference in which file, nor which of several tokens for the same uses it was. ``meaning`` is what is left.
"""

from __future__ import annotations

import struct
from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import NamedTuple

HEARING = struct.Struct("<6H")
HEAD = struct.Struct("<4H")


class Hearing(NamedTuple):
    """What one kind of token heeds: places in the file's list of programs (from 1, 0 for none), and the lines of extensions that speak to it."""

    uses: int
    named: int
    crawl: int
    malformed: int
    expired: int
    extension: bytes


class Shape(NamedTuple):
    """A robots.txt as compiled: ``flags`` of what was wrong with it, and the places of the programs of paths that extensions name."""

    flags: int
    hearings: tuple[Hearing, ...]
    paths: tuple[int, ...]


@lru_cache(maxsize=65_536)
def read(raw: bytes) -> Shape:
    """The shape that ``robots.c`` wrote as ``raw``."""
    flags, hearings, contents, paths = HEAD.unpack_from(raw)
    at = HEAD.size + hearings * HEARING.size
    numbers = struct.unpack_from(f"<{paths}I", raw, at)
    texts, at = [b""], at + 4 * paths
    for _ in range(contents):
        (size,) = struct.unpack_from("<I", raw, at)
        texts.append(raw[at + 4 : at + 4 + size])
        at += 4 + size
    fields = (HEARING.unpack_from(raw, HEAD.size + place * HEARING.size) for place in range(hearings))
    heard = (Hearing(uses, named, crawl, malformed, expired, texts[content]) for uses, named, crawl, malformed, expired, content in fields)
    return Shape(flags, tuple(heard), numbers)


def meaning(shape: Shape, decided: Sequence[int]) -> Hashable:
    """What an answer depends on when the file's programs ``decided`` thus: equal meanings are answered alike."""
    state = (0, *decided)
    heard = frozenset((h.uses, h.named, state[h.crawl], state[h.malformed], state[h.expired], h.extension) for h in shape.hearings)
    return shape.flags, heard, tuple(state[place] for place in shape.paths)
