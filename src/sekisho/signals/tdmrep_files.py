"""TDMRep inside files: the properties ``reservation`` and ``policy`` in the package of an EPUB and in the XMP of a PDF or any other file.

What the two properties mean is in ``tdm_properties``; what servers and pages say is in ``tdmrep``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sekisho.formats import epub
from sekisho.formats.carried import Fault
from sekisho.model import Ask, Evidence, Level, Observation, Signal, Source, Spec, Text, Value, quote
from sekisho.signals.asset import FILES, MISPLACED, asset, scope, unreadable
from sekisho.signals.tdm_properties import AFFIRMED, PROTOCOL, VERSION, Stated, signals, stated

SPEC = Spec(
    name="tdmrep_files",
    title=Text("TDMRep in EPUB and PDF", "EPUB・PDF内のTDMRep"),
    version=VERSION,
    dated=date(2024, 5, 10),
    status="practice",
    address="https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "tdm:reservation 1 in the package document or in XMP denies mining, 0 allows it; it stands nearer to the work than headers or the site.",
        "パッケージ文書や XMP の tdm:reservation が 1 なら解析を拒否、0 なら許可。ヘッダーやサイトの表示より作品に近いものとして優先する。",
    ),
    unsure=Text(
        "The namespace: the report writes it with a slash for PDF and with a hash for EPUB; both are read in both.",
        "名前空間の綴り。報告書は PDF ではスラッシュ、EPUB ではハッシュで終える。どちらでも両方を読む。",
    ),
    sources=FILES,
)
EXACT = re.compile(r"(?:tdm:|\{?http://www\.w3\.org/ns/tdmrep[/#]\}?)(reservation|policy)")
MEANT = re.compile(r".*tdm.*reservation", re.IGNORECASE)


class Said(NamedTuple):
    """One property as a file states it: its full name, its value, what part of the file it speaks of (empty: all of it)."""

    name: str
    value: str
    part: str = ""


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:  # noqa: ARG001 - the file speaks alike to all who ask
    """What the file itself says of mining it; an unknown for a book that could not be opened."""
    if observation.absent or observation.failed:
        return
    if observation.source is Source.EPUB:
        yield from _book(observation)
    for packet in asset(observation).packets:
        said = [Said(one.name, one.value, one.within) for one in packet.properties]
        for found in _statements(observation, said, packet.where):
            yield found if packet.sound else _misplaced(found)


def _book(observation: Observation) -> Iterator[Signal]:
    for found in epub.packages(observation.body):
        if isinstance(found, Fault):
            yield unreadable(observation, (PROTOCOL, VERSION), Evidence(found.where, found.code), found.code)
        else:
            said = [Said(*meta) for meta in epub.metas(found.root)]
            yield from _statements(observation, said, f"EPUB, {found.path}")


def _statements(observation: Observation, said: list[Said], where: str) -> Iterator[Signal]:
    """The statement of one channel, and a doubt for each attempt at one: another spelling, or a word on a part alone."""
    exact = [(match[1], one) for one in said if (match := EXACT.fullmatch(one.name))]
    whole = [(name, one) for name, one in exact if not one.part]
    texts = {kind: [one.value for name, one in whole if name == kind] for kind in ("reservation", "policy")}
    yield from _statement(observation, stated(texts["reservation"], texts["policy"], observation.url), [one for _, one in whole], where)
    parts = [one for name, one in exact if one.part and name == "reservation" and AFFIRMED.match(one.value)]
    yield from _statement(observation, Stated(None, warnings=("partial-scope",)), parts, where)
    attempts = [one for one in said if not EXACT.fullmatch(one.name) and MEANT.match(one.name) and AFFIRMED.match(one.value)]
    yield from _statement(observation, Stated(None, warnings=("malformed", "deny-intent")), attempts, where)


def _statement(observation: Observation, meaning: Stated, said: list[Said], where: str) -> Iterator[Signal]:
    if said:
        evidence = Evidence(where, quote("\n".join(f"{one.name} = {one.value}" for one in said[:16])))
        yield from signals(meaning, Level.ASSET, scope(observation), evidence)


def _misplaced(found: Signal) -> Signal:
    value = Value.UNKNOWN if found.value is Value.ALLOW else found.value
    return replace(found, value=value, warnings=(*found.warnings, MISPLACED))
