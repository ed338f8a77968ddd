"""A text file at a known place of a site: opened, or the reason why there is nothing to read in it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sekisho.formats.text import Served, served
from sekisho.model import Axis, Evidence, Level, Observation, Signal, Spec, Value
from sekisho.signals.intent import DENY_INTENT, MALFORMED, means_no

LIMIT = 500 * 1024
TRAINING = (Axis.TRAIN, Axis.TRAIN_NONGEN)
UNREADABLE = ("wrong-type", "unreadable")


class SiteFile(NamedTuple):
    """The text of the file, or None with what stands in the way; no fault when there is simply no file or it is empty."""

    text: Served | None
    fault: str = ""


def opened(observation: Observation) -> SiteFile:
    """The first 500 KiB of the file in ``observation``, if it came and is text."""
    if observation.failed:
        return SiteFile(None, "unreachable")
    if observation.absent or not observation.body.strip():
        return SiteFile(None)
    text = _served(observation.body)
    fault = next((word for word in UNREADABLE if word in text.warnings), "")
    return SiteFile(None if fault else text, fault)


@lru_cache(maxsize=16)
def _served(body: bytes) -> Served:
    """``served``, kept for a moment: one file is asked about many addresses."""
    return served(body, LIMIT)


def unread(spec: Spec, observation: Observation, fault: str) -> list[Signal]:
    """The unknown that stands for a file that could not be read, none without a ``fault``."""
    evidence = Evidence("file" if observation.body else "status", observation.failure or str(observation.status or ""))
    return [signal(spec, Axis.TDM, Value.UNKNOWN, evidence, warnings=(fault,))] if fault else []


def signal(
    spec: Spec, axis: Axis, value: Value, evidence: Evidence, *, scope: str = "/", addressee: str = "*", warnings: tuple[str, ...] = ()
) -> Signal:
    """A statement of a site's file."""
    return Signal(spec.name, spec.version, Level.LOCATION, scope, axis, value, evidence, addressee=addressee, warnings=warnings)


def intent(text: str) -> tuple[str, ...]:
    """The warnings of a value outside its vocabulary."""
    return DENY_INTENT if means_no(text) else MALFORMED
