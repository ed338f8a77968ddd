"""What was declared: one file for each protocol, each with ``SPEC`` and ``read(observation, ask)``.

A reader never raises on bad input, never decides, and never lets garbage become an allow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

from sekisho import shelf
from sekisho.model import Ask, Observation, Signal, Spec


class Reader(Protocol):
    """The whole interface of a signal protocol's file.

    A reader of a site's file may also have ``programs(observation, ask)``: lists of ``path_pattern.Covering`` on which alone its answer on an
    address depends, so that addresses which the same entries decide are read once. Without it every address is read by itself. A site's file
    comes without the headers it was sent with.
    """

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
