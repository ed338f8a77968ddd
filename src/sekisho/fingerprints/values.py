"""The values that fingerprints speak in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

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
    overrules: tuple[str, ...] = ()
    """Fingerprints whose word on a file does not count where this one has proof of its own, for or against."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The two tiers of one file's fingerprint; ``private`` is empty where a snapshot holds the exported tier only."""

    exported: bytes
    private: bytes = b""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a content has no fingerprint: it cannot be read, or it is ``blank``: read, with too little in it to be claimed."""

    reason: Text
    blank: bool = False


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
