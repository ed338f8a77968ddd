"""What an observed file carries, found once for all readers; how what it says, and what could not be read of it, become statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from sekisho.formats import xmp
from sekisho.formats.carried import Kind
from sekisho.formats.embedded import Embedded, embedded
from sekisho.model import Axis, Evidence, Level, Observation, Offer, Signal, Source, Value, quote

FILES = (Source.IMAGE, Source.AUDIO_VIDEO, Source.PDF, Source.EPUB, Source.SIDECAR)
MISPLACED = "misplaced"
"""Warns of a statement found outside the place its format has for it, or under a wrong checksum."""


class Packet(NamedTuple):
    """One XMP packet: its place and bytes, its properties, whether it stood where it should, and what was wrong with it."""

    where: str
    data: bytes
    properties: tuple[xmp.Property, ...]
    sound: bool
    readable: bool
    warnings: tuple[str, ...]


class Asset(NamedTuple):
    """A file taken apart."""

    embedded: Embedded
    packets: tuple[Packet, ...]


def asset(observation: Observation) -> Asset:
    """The file in ``observation`` taken apart; kept beside it, since several readers ask."""
    kept = vars(observation).get("asset")
    if kept is None:
        kept = vars(observation)["asset"] = _asset(observation.body)
    return cast("Asset", kept)


def _asset(body: bytes) -> Asset:
    parts = embedded(body)
    packets = [(one, xmp.read(one.data)) for one in parts.carried if one.kind is Kind.XMP]
    return Asset(
        parts,
        tuple(Packet(one.where, one.data, read.properties, one.sound, read.root is not None, read.warnings) for one, read in packets),
    )


def scope(observation: Observation) -> str:
    """What a statement in the file covers: the file itself by its digest, wherever it is found; a sidecar speaks for the file it lies beside."""
    return observation.url if observation.source is Source.SIDECAR else f"sha256:{observation.digest}"


def statement(
    observation: Observation,
    protocol: tuple[str, str],
    axis: Axis,
    value: Value,
    *,
    evidence: Evidence,
    warnings: tuple[str, ...] = (),
    offers: tuple[Offer, ...] = (),
) -> Signal:
    """A statement of the file; ``protocol`` is name and version. An allow that lay where it should not is no allow."""
    meant = Value.UNKNOWN if MISPLACED in warnings and value is Value.ALLOW else value
    said = tuple(dict.fromkeys(warnings))
    return Signal(*protocol, Level.ASSET, scope(observation), axis, meant, evidence, offers=offers, warnings=said)


def unreadable(observation: Observation, protocol: tuple[str, str], evidence: Evidence, *warnings: str) -> Signal:
    """The unknown that stands for what could not be read; on mining, so that every use under it is in doubt."""
    return statement(observation, protocol, Axis.TDM, Value.UNKNOWN, evidence=evidence, warnings=(*warnings, "unreadable"))


def failures(observation: Observation, protocol: tuple[str, str]) -> Iterator[Signal]:
    """An unknown for each reason why the file, or an XMP packet in it, was not read to its end."""
    if observation.failed:
        yield unreadable(observation, protocol, Evidence("status", observation.failure or str(observation.status)), "unreachable")
        return
    found = asset(observation)
    for fault in found.embedded.faults:
        yield unreadable(observation, protocol, Evidence(fault.where, fault.code), fault.code)
    for packet in found.packets:
        if not packet.readable:
            intent = ("deny-intent",) if b"PROHIBIT" in packet.data.upper() else ()
            yield unreadable(observation, protocol, Evidence(packet.where, quote(packet.data)), *packet.warnings, *intent)
