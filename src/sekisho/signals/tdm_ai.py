"""TDM·AI: declarations bound to an ISCC (ISO 24138) instead of an address, as JSON beside a file or as lines exported from a registry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from sekisho.formats import json_text
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Offer, Signal, Source, Spec, Text, Value, quote
from sekisho.signals.site_file import intent
from sekisho.signals.tdm_properties import stated

SPEC = Spec(
    name="tdm_ai",
    title=Text("TDM·AI (ISCC)", "TDM·AI（ISCC）"),
    version="2025-11-04",
    dated=date(2025, 11, 4),
    status="practice",
    address="https://docs.tdmai.org/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "A TDMRep reservation or AIPREF preferences for a work known by its ISCC; what is said of all uses holds for training not spoken of.",
        "ISCCで特定された作品についての TDMRep の留保または AIPREF の意向。全用途への表示は、個別の記載がない学習にも及ぶ。",
    ),
    unsure=Text(
        "Who declared it: a declaration without a verified credential is anybody's word.",
        "誰の宣言か。検証済みの資格情報がなければ、誰の言葉とも分からない。",
    ),
    sources=(Source.SIDECAR,),
)
LIMIT_BYTES = 1 << 20
LIMIT_RECORDS = 10_000
PARENTS = {  # of each use the words that speak of it, nearest first (AIPREF vocabulary -02, hierarchy)
    Axis.TDM: ("all",),
    Axis.TRAIN_NONGEN: ("train-ai", "all"),
    Axis.TRAIN: ("train-genai", "train-ai", "all"),
    Axis.AI_USE: ("ai-use",),
    Axis.SEARCH: ("search",),
}
WITHDRAWN = re.compile(r"withdr|revo|deactiv|delet|remov|cancel", re.IGNORECASE)
RESERVATION, POLICY = "tdm-reservation", "tdm-policy"


class Record(NamedTuple):
    """One declaration: its number, the ISCC it is bound to (or empty), what it does to earlier ones, and all it says."""

    number: int
    iscc: str
    intent: str
    said: dict[str, Any]


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:  # noqa: ARG001 - declarations speak alike to all who ask
    """The declarations in a JSON sidecar, each with the ISCC it is bound to as scope."""
    if observation.absent or observation.failed or not observation.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return
    found = _found(observation.body)
    records = [
        Record(number, str(one.get("iscc") or ""), str(one.get("intent") or ""), one) for number, one in found if isinstance(one, dict)
    ]
    for record in _standing(records):
        yield from _declared(observation, record)
    for number in [number for number, one in found if one is None][:1]:
        evidence = Evidence(f"record {number}", quote(observation.body))
        warnings = ("malformed", "unreadable")
        yield Signal(SPEC.name, SPEC.version, Level.ASSET, observation.url, Axis.TDM, Value.UNKNOWN, evidence, warnings=warnings)


def _found(body: bytes) -> list[tuple[int, Any]]:
    """The values of a list, of JSON lines, or of one document, numbered from 1; None for what is not JSON, or lies beyond the limits."""
    document, warnings = json_text.parse(body, LIMIT_BYTES)
    whole = enumerate(document if isinstance(document, list) else [document], 1)
    listed = list(islice(whole if document is not None else json_text.lines(body, LIMIT_BYTES), LIMIT_RECORDS + 1))
    cut = "truncated" in warnings or len(listed) > LIMIT_RECORDS
    return [*listed[:LIMIT_RECORDS], *([(0, None)] if cut else [])]


def _standing(records: list[Record]) -> list[Record]:
    """The records without those that a later update or withdrawal for the same ISCC replaces."""
    last = {record.iscc: record.number for record in records if record.intent not in {"", "activate"}}
    return [record for record in records if record.number >= last.get(record.iscc, 0)]


def _declared(observation: Observation, record: Record) -> Iterator[Signal]:
    evidence = Evidence(f"record {record.number}", quote(json.dumps(record.said, ensure_ascii=False)))
    say = partial(Signal, SPEC.name, SPEC.version, Level.ASSET, record.iscc or observation.url, evidence=evidence)
    if WITHDRAWN.search(record.intent):
        yield say(Axis.TDM, Value.UNKNOWN, warnings=("overridden",))
        return
    found = [*_reservation(say, record, observation.url), *_preferences(say, record)]
    if record.iscc:
        yield from found
    elif any(signal.value is Value.DENY for signal in found):
        yield say(Axis.TDM, Value.UNKNOWN, warnings=("malformed", "deny-intent"))


def _reservation(say: Callable[..., Signal], record: Record, base: str) -> Iterator[Signal]:
    """The statement in the words of TDMRep, which may come as numbers or as texts here."""
    if RESERVATION in record.said:
        policies = [text for text in _values(record.said.get(POLICY)) if isinstance(text, str)]
        meaning = stated([_word(value) for value in _values(record.said[RESERVATION])], policies, base)
        value = Value.UNKNOWN if meaning.reserved is None else Value.DENY if meaning.reserved else Value.ALLOW
        offers = (Offer(licence_uri=meaning.policy),) if meaning.policy and value is Value.DENY else ()
        yield say(Axis.TDM, value, offers=offers, warnings=meaning.warnings)


def _preferences(say: Callable[..., Signal], record: Record) -> Iterator[Signal]:
    """The statements in the words of AIPREF: of several words that reach a use the nearest counts, a word not understood leaves a doubt."""
    for axis, words in PARENTS.items():
        for word in (word for word in words if word in record.said):
            given = {_word(value) for value in _values(record.said[word])}
            value = Value.DENY if "false" in given else Value.ALLOW if given == {"true"} else Value.UNKNOWN
            yield say(axis, value, warnings=intent(" ".join(sorted(given))) if value is Value.UNKNOWN else ())
            if value is not Value.UNKNOWN:
                break


def _values(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, json_text.Several) else (value,)


def _word(value: Any) -> str:
    """A value as the word it stands for: the text "false" and false alike."""
    return value.strip() if isinstance(value, str) else json.dumps(value)
