"""What content looks like: one file for each fingerprint, each with ``SPEC``, ``MEDIA``, ``of``, ``compare``, ``build`` and ``load``.

A fingerprint measures similarity and says nothing of dependence. It has two tiers: ``exported`` may be handed to others (hashes from which
the work cannot be seen), ``private`` is proof data from which it can, and stays in the holder's store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from sekisho import shelf
from sekisho.fingerprints.content import Content
from sekisho.model import Text

Region = tuple[float, ...]
"""Pictures: x, y, width, height in 0..1 after the EXIF turn; text: start, end in code points."""

WHOLE: Region = (0.0, 0.0, 1.0, 1.0)


class Closeness(StrEnum):
    """How close an item comes to a work, closest first; ``shared-part`` and ``style`` never tighten a verdict."""

    VERBATIM = "verbatim"
    NEAR = "near"
    PARTIAL = "partial"
    SHARED_PART = "shared-part"
    STYLE = "style"


@dataclass(frozen=True, slots=True)
class FingerprintSpec:
    """What a fingerprint is: ``name`` carries its version and is stored with every fingerprint; a change of bytes is a new name."""

    name: str
    title: Text
    status: str
    """``standard``, ``practice`` or ``own``."""
    address: str
    checked: date
    finds: Text
    """What it finds, in a sentence."""
    blind_to: Text
    exported_reveals: Text
    """What can be learned of the work from the exported tier."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The two tiers of one file's fingerprint; ``private`` is empty where a snapshot holds the exported tier only."""

    exported: bytes
    private: bytes = b""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a content has no fingerprint: unreadable, or too little in it to be claimed."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two contents are. ``score`` is a calibrated probability in 0..1; ``proved`` is False when only exported tiers were compared."""

    level: Closeness
    score: float
    item_region: Region = WHOLE
    work_region: Region = WHOLE
    quad: Region | None = None
    proved: bool = True


class Row(NamedTuple):
    """One registered file as an index sees it: its number in the store and its fingerprint."""

    file: int
    fingerprint: Fingerprint


class Hit(NamedTuple):
    """One registered file that a content resembles."""

    file: int
    likeness: Likeness


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


def for_media(media: str) -> dict[str, Part]:
    """The fingerprints that read ``media``, by versioned name."""
    return {name: part for name, part in fingerprints().items() if media in part.MEDIA}
