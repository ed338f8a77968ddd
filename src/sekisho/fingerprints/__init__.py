"""What content looks like: one file for each fingerprint, each with ``SPEC``, ``MEDIA``, ``of``, ``compare``, ``build`` and ``load``.

A fingerprint measures similarity and says nothing of dependence. It has two tiers: ``exported`` may be handed to others (hashes from which
the work cannot be seen), ``private`` is proof data from which it can, and stays in the holder's store.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from sekisho import shelf
from sekisho.fingerprints.content import Content
from sekisho.fingerprints.values import WHOLE, Closeness, Fingerprint, FingerprintSpec, Hit, Likeness, Region, Row, Unfit

__all__ = [
    "WHOLE",
    "Closeness",
    "Content",
    "Fingerprint",
    "FingerprintSpec",
    "Hit",
    "Likeness",
    "Part",
    "Region",
    "Row",
    "Segment",
    "Unfit",
]


class Segment(Protocol):
    """The search files of a run of registered files; memory-mapped, never changed once built."""

    def search(self, wanted: Fingerprint) -> list[Hit]:
        """The files of this segment that ``wanted`` resembles, best first."""


class Part(Protocol):
    """The whole interface of a fingerprint's file."""

    SPEC: FingerprintSpec
    MEDIA: frozenset[str]

    def of(self, content: Content) -> Fingerprint | Unfit:
        """The fingerprint of ``content``; bad content is a value with a reason, never an exception."""

    def compare(self, item: Fingerprint, work: Fingerprint) -> Likeness | None:
        """How alike the two are; None when nothing speaks for it."""

    def build(self, rows: Iterable[Row], target: Path) -> None:
        """Write the search files of ``rows`` (ascending by file) into the empty folder ``target``."""

    def load(self, target: Path) -> Segment:
        """The segment that ``build`` wrote into ``target``, memory-mapped."""


@cache
def fingerprints() -> dict[str, Part]:
    """Every fingerprint on the shelf by its versioned name."""
    found = (cast("Part", part) for part in shelf.parts(__name__).values())
    return {part.SPEC.name: part for part in found}


@cache
def for_media(media: str) -> dict[str, Part]:
    """The fingerprints that read ``media``, by versioned name."""
    return {name: part for name, part in fingerprints().items() if media in part.MEDIA}
