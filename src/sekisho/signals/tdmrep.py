"""W3C TDM Reservation Protocol: ``tdmrep.json``, response headers and HTML meta; EPUB and PDF bring the same two properties in their files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sekisho.formats import html, json_text
from sekisho.formats.path_pattern import Covering, Pattern, as_fetched, compile_pattern, target
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import responses
from sekisho.signals.tdm_properties import AFFIRMED, PROTOCOL, VERSION, Stated, signals, stated

SPEC = Spec(
    name=PROTOCOL,
    title=Text("TDM Reservation Protocol (TDMRep)", "TDM権利留保プロトコル（TDMRep）"),
    version=VERSION,
    dated=date(2024, 5, 10),
    status="practice",
    address="https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "tdm-reservation 1 denies mining, or licenses it where a policy was read that says so; 0 allows it; anything else is unset.",
        "tdm-reservation が 1 なら解析を拒否（読み取った方針に条件があれば要許諾）、0 なら許可、それ以外は未設定とする。",
    ),
    unsure=Text(
        "Whether a reservation of mining covers use at inference: it is left unknown there, with a warning.",
        "解析の留保が推論時の利用に及ぶか。そこでは警告を付けて不明とする。",
    ),
    sources=(Source.TDMREP, *responses.SOURCES),
)
FILE_BYTES = 1 << 20
FILE_RULES = 10_000
RESERVATION, POLICY = "tdm-reservation", "tdm-policy"
CITED = 20


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """The statements of a ``tdmrep.json`` (the first rule that matches; every rule when no address is asked), or of one response."""
    if observation.source is not Source.TDMREP:
        return _response(observation)
    if observation.failed:
        return [_unknown("unreachable", where="status", said=observation.failure or str(observation.status))]
    return [] if observation.absent or not observation.body.strip() else _file(observation, ask)


def programs(observation: Observation, _ask: Ask) -> list[list[Covering]]:
    """The rules of a ``tdmrep.json`` in order, those that state the same under one number: all that its answer on an address depends on."""
    rules = None if observation.failed or observation.absent else _parsed(observation.body, observation.url)[0]
    numbers: dict[tuple[object, ...], int] = {}
    found = []
    for rule in rules or ():
        if rule.pattern:
            said = tuple((signal.value, signal.offers, signal.warnings) for signal in rule.signals)
            found.append(Covering(rule.pattern, numbers.setdefault(said, len(numbers) + 1)))
    return [found] if found else []


def _unknown(*warnings: str, where: str, said: str, scope: str = "/") -> Signal:
    return Signal(PROTOCOL, VERSION, Level.LOCATION, scope, Axis.TDM, Value.UNKNOWN, Evidence(where, said), warnings=warnings)


class _Rule(NamedTuple):
    """One rule as compared and as said; ``pattern`` is None when it lacks a property or its location can match nothing."""

    pattern: Pattern | None
    signals: tuple[Signal, ...]


@lru_cache(maxsize=16)
def _parsed(body: bytes, url: str) -> tuple[list[_Rule] | None, tuple[str, ...]]:
    """The rules of a file in order, None when it is no list of them, and what was wrong with it."""
    found, warnings = json_text.parse(body, FILE_BYTES)
    if not isinstance(found, list):
        return None, warnings if found is None else (*warnings, "malformed")
    rules = [_rule(number, rule, url) for number, rule in enumerate(found[:FILE_RULES], 1) if isinstance(rule, dict)]
    return rules, (*warnings, "truncated") if len(found) > FILE_RULES else warnings


def _rule(number: int, rule: dict[str, Any], base: str) -> _Rule:
    location = rule.get("location")
    evidence = Evidence(f"rule {number}", quote(json.dumps(rule, ensure_ascii=False)))
    if RESERVATION not in rule or not isinstance(location, str) or not location.startswith(("/", "*")):
        meant = any(AFFIRMED.match(text) for text in _texts(rule.get(RESERVATION)))
        return _Rule(None, (_unknown("malformed", "deny-intent", where=evidence.where, said=evidence.quote),) if meant else ())
    said = stated(_texts(rule[RESERVATION]), [text for text in _all(rule.get(POLICY)) if isinstance(text, str)], base)
    return _Rule(compile_pattern(location.encode("utf-8", "replace")), tuple(signals(said, Level.LOCATION, location, evidence)))


def _file(observation: Observation, ask: Ask) -> Iterator[Signal]:
    rules, warnings = _parsed(observation.body, observation.url)
    if rules is None:
        intent = ("deny-intent",) if "malformed" in warnings and RESERVATION.encode() in observation.body else ()
        yield _unknown(*warnings, *intent, where="file", said=quote(observation.body))
        return
    path = None if ask.url is None else target(as_fetched(ask.url))
    found = (rule for rule in rules if rule.pattern and (path is None or rule.pattern.matches(path)))
    reached = list(found if path is None else islice(found, 1))
    for rule in [*reached, *(rule for rule in rules if not rule.pattern)]:
        yield from rule.signals
    if not reached and "truncated" in warnings:
        yield _unknown("truncated", where="file", said="")


def _texts(value: Any) -> list[str]:
    """A JSON value as the texts that the other channels would carry: 1 stays 1, the string "1" keeps its quotes and so is none."""
    return [json.dumps(one) for one in _all(value)]


def _all(value: Any) -> Iterable[Any]:
    return value if isinstance(value, json_text.Several) else (value,)


def _response(observation: Observation) -> Iterator[Signal]:
    """What one response says: the page over its headers, each property apart (section 5); what was replaced stays visible."""
    if not responses.speaks(observation):
        return
    channels = [channel for channel in (_headers(observation), _page(observation)) if channel.said != Stated(None)]
    policy = next((channel.said.policy for channel in reversed(channels) if channel.said.policy), "")
    deciding = next((channel for channel in reversed(channels) if channel.said.reserved is not None), None)
    for channel in channels:
        replaced = channel is not deciding and channel.said.reserved is not None
        said = Stated(None, warnings=("overridden",)) if replaced else replace(channel.said, policy=policy)
        yield from signals(said, Level.RESPONSE, observation.url, channel.evidence)


class _Channel(NamedTuple):
    said: Stated
    evidence: Evidence


def _headers(observation: Observation) -> _Channel:
    said = stated(observation.header(RESERVATION), observation.header(POLICY), observation.url)
    lines = [f"{name}: {value}" for name, value in observation.headers if name.lower() in {RESERVATION, POLICY}]
    return _Channel(said, Evidence(RESERVATION, quote("\n".join(lines))))


def _page(observation: Observation) -> _Channel:
    page = html.parse(observation.body, ", ".join(observation.header("content-type"))) if _is_page(observation) else html.Page()
    metas = [element for element in page.every("meta") if element.attributes.get("name", "").strip().lower() in {RESERVATION, POLICY}]
    said = stated(
        _contents(metas, RESERVATION), [page.address(observation.url, text) for text in _contents(metas, POLICY)], observation.url
    )
    said = replace(said, warnings=(*said.warnings, "truncated")) if page.truncated and said != Stated(None) else said
    return _Channel(said, Evidence(metas[0].where if metas else "", quote("\n".join(meta.source for meta in metas[:CITED]))))


def _is_page(observation: Observation) -> bool:
    return observation.source is Source.PAGE and not observation.absent


def _contents(metas: list[html.Element], name: str) -> list[str]:
    return [meta.attributes.get("content", "") for meta in metas if meta.attributes["name"].strip().lower() == name]
