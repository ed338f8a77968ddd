"""What was declared: one file for each protocol, each with ``SPEC`` and ``read(observation, ask)``.

A reader never raises on bad input, never decides, and never lets garbage become an allow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

from sekisho import shelf
from sekisho.model import Ask, Observation, Signal, Spec


class Reader(Protocol):
    """The whole interface of a signal protocol's file."""

    SPEC: Spec

    def read(self, observation: Observation, ask: Ask) -> Iterable[Signal]:
        """The statements in ``observation`` that reach ``ask.url`` (all of them, scopes as written, when it is None)."""


def readers() -> dict[str, Reader]:
    """Every reader on the shelf by file name."""
    return {name: cast("Reader", part) for name, part in shelf.parts(__name__).items()}


def read(observation: Observation, ask: Ask = Ask()) -> list[Signal]:  # noqa: B008 - Ask is frozen
    """Every statement of every protocol found in ``observation``."""
    return [
        signal for reader in readers().values() if observation.source in reader.SPEC.sources for signal in reader.read(observation, ask)
    ]
