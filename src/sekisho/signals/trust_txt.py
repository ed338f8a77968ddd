"""trust.txt: one record of a publisher's file says whether its whole site may be used as training data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sekisho.formats.text import Served
from sekisho.model import Ask, Evidence, Observation, Signal, Source, Spec, Text, Value, quote
from sekisho.signals.site_file import TRAINING, intent, opened, signal, unread

SPEC = Spec(
    name="trust_txt",
    title=Text("trust.txt", "trust.txt"),
    version="2024-04-04",
    dated=date(2024, 4, 4),
    status="practice",
    address="https://journallist.net/reference-document-for-trust-txt-specifications",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "datatrainingallowed=no denies training of every kind, =yes allows it; of several records any no denies.",
        "datatrainingallowed=no はあらゆる学習を拒否、=yes は許可。複数ある場合は一つでも no があれば拒否とする。",
    ),
    unsure=Text(
        "Whether a publisher's yes is a licence: it lifts no reservation.", "yes が利用許諾にあたるか。留保は解除しないものとする。"
    ),
    sources=(Source.TRUST_TXT,),
)
RECORD = re.compile(r"\s*data[\s_-]*training[\s_-]*allowed\s*[=:]", re.IGNORECASE)
EXACT = re.compile(r"\s*datatrainingallowed\s*=", re.IGNORECASE)


class Record(NamedTuple):
    """One line that speaks of training: its number and words, its value in lower case, whether the line is spelt as it must be."""

    number: int
    line: str
    value: str
    exact: bool


def programs(_observation: Observation, _ask: Ask) -> tuple[()]:
    """Nothing: the file speaks for every address of its site alike."""
    return ()


def read(observation: Observation, _ask: Ask) -> Iterable[Signal]:
    """What the file says on training, for the whole site."""
    text, fault = opened(observation)
    return _stated(text) if text else unread(SPEC, observation, fault)


@lru_cache(maxsize=16)
def _stated(text: Served) -> tuple[Signal, ...]:
    return tuple(_statements(text))


def _statements(text: Served) -> Iterator[Signal]:
    records = list(_records(text.text))
    value, warnings = _meaning(records, "truncated" in text.warnings)
    if records or "truncated" in text.warnings:
        where = "lines " + ", ".join(str(record.number) for record in records[:20])
        evidence = Evidence(where, quote("\n".join(record.line for record in records[:20])))
        for axis in TRAINING:
            yield signal(SPEC, axis, value, evidence, warnings=(*text.warnings, *warnings))


def _records(text: str) -> Iterator[Record]:
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0]
        if found := RECORD.match(said):
            yield Record(number, line.strip(), said[found.end() :].strip().lower(), bool(EXACT.match(said)))


def _meaning(records: list[Record], truncated: bool) -> tuple[Value, tuple[str, ...]]:
    """The value of all records together; one alone may say yes, and only in the right spelling of a file read to its end."""
    if any(record.exact and record.value == "no" for record in records):
        return Value.DENY, ()
    if len(records) == 1 and records[0].exact and records[0].value == "yes":
        return (Value.UNKNOWN if truncated else Value.ALLOW), ()
    warnings = max((intent(record.value) for record in records), key=len, default=())
    return Value.UNKNOWN, warnings
