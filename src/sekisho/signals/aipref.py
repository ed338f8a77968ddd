"""IETF AI Preferences: ``Content-Usage``, as a response header and as a rule of robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sekisho.formats import structured
from sekisho.formats.path_pattern import as_fetched, compile_pattern
from sekisho.formats.robots_lines import Line
from sekisho.formats.structured import Member
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Offer, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import responses
from sekisho.signals.intent import DENY_INTENT, MALFORMED, hinted, means_no, pairs
from sekisho.signals.robots_groups import RobotsTxt, cite, seen, spoken

FIELD = "Content-Usage"
SPEC = Spec(
    name="aipref",
    title=Text("IETF AI Preferences (Content-Usage)", "IETF AI Preferences（Content-Usage）"),
    version="vocab-08, attach-05",
    dated=date(2026, 9, 14),
    status="draft",
    address="https://datatracker.ietf.org/doc/draft-ietf-aipref-vocab/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "train-ai, ai-use and search: y allows, n denies, anything else is unknown; refusals under labels of older drafts still deny.",
        "train-ai・ai-use・search の y は許可、n は拒否、それ以外は不明。旧草案のラベルによる拒否も拒否として読む。",
    ),
    unsure=Text(
        "The vocabulary has no consensus yet, and no crawler is known to document that it honours it.",
        "語彙はまだ合意に至っておらず、遵守を公表しているクローラーは確認できていない。",
    ),
    sources=(Source.ROBOTS, *responses.SOURCES),
)
LABELS = {"train-ai": (Axis.TRAIN,), "ai-use": (Axis.AI_USE,), "search": (Axis.SEARCH,)}
LEGACY = {
    "tdm": (Axis.TDM,),
    "all": (Axis.TDM,),
    "bots": (Axis.TDM,),
    "ai": (Axis.TRAIN, Axis.TRAIN_NONGEN),
    "genai": (Axis.TRAIN,),
    "train-genai": (Axis.TRAIN,),
    "inference": (Axis.AI_USE,),
    "ai-output": (Axis.AI_USE,),
}
"""Labels of vocab-01 to -07: what they refuse is heard, what they permit is not."""
VALUES = {"y": Value.ALLOW, "n": Value.DENY}
CC_CODES = {"cc-cr": "attribution", "cc-cr-dc": "contribution", "cc-cr-ec": "contribution", "cc-cr-op": "contribution"}
"""Creative Commons' proposal of June 2025: under which return a refusal is lifted."""


class Said(NamedTuple):
    """What a preference says of one use."""

    axis: Axis
    value: Value
    warnings: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


def read(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """The preferences of a response header, or of the robots.txt rules that reach the address for the agents asked."""
    if observation.source is Source.ROBOTS:
        robots = seen(observation)
        yield from _rules(robots, ask) if robots else ()
    elif responses.speaks(observation) and (lines := observation.header(FIELD)):
        joined = ", ".join(lines)
        for said in preferences(joined[: responses.VALUE_LENGTH]):
            yield _signal(said, Level.RESPONSE, observation.url, Evidence(FIELD, quote(joined)))


def _signal(said: Said, level: Level, scope: str, evidence: Evidence, addressee: str = "*") -> Signal:
    return Signal(
        SPEC.name,
        SPEC.version,
        level,
        scope,
        said.axis,
        said.value,
        evidence,
        offers=said.offers,
        addressee=addressee,
        warnings=said.warnings,
    )


@lru_cache(maxsize=1024)
def preferences(text: str) -> tuple[Said, ...]:
    """What the dictionary ``text`` says (vocab-08 section 4, RFC 9651): one that does not parse is unknown on every use."""
    members = structured.dictionary(text.encode("utf-8", "replace"))
    if members is None:
        return tuple(_unparsed(text))
    return tuple(said for label, member in members.items() for said in _member(label, member))


def _member(label: str, member: Member) -> Iterator[Said]:
    value = VALUES.get(member.token or "", Value.UNKNOWN)
    if label in LABELS and value is Value.UNKNOWN:
        warnings = DENY_INTENT if means_no(member.text) else MALFORMED
        yield from (Said(axis, value, warnings) for axis in LABELS[label])
    elif label in LABELS:
        yield from (Said(axis, value, offers=_offers(value, member)) for axis in LABELS[label])
    elif label in LEGACY and value is Value.DENY:
        yield from (Said(axis, value, ("legacy-label",), _offers(value, member)) for axis in LEGACY[label])
    elif means_no(member.text):
        yield from (Said(axis, Value.UNKNOWN, DENY_INTENT) for axis in LEGACY.get(label) or hinted(label))


def _offers(value: Value, member: Member) -> tuple[Offer, ...]:
    """The return for which a refusal is lifted; AIPREF itself ignores parameters, so the refusal stands."""
    code = member.parameters.get("exceptions", "")
    return (Offer(licence_uri=code, payment_type=CC_CODES[code]),) if value is Value.DENY and code in CC_CODES else ()


def _unparsed(text: str) -> Iterator[Said]:
    refused = {axis for label, value in pairs(text) if means_no(value) for axis in hinted(label)}
    for axis in (*(axes[0] for axes in LABELS.values()), *sorted(refused - {axes[0] for axes in LABELS.values()})):
        yield Said(axis, Value.UNKNOWN, DENY_INTENT if axis in refused else MALFORMED)


def _rules(robots: RobotsTxt, ask: Ask) -> Iterator[Signal]:
    """The rules of robots.txt (attach-05 section 3.2): each agent's longest matching path, unless fetching it is disallowed."""
    target = None if ask.url is None else robots.target(as_fetched(ask.url))
    for addressees, lines in spoken(robots, FIELD.lower(), ask.agents):
        rules = [_rule(line) for line in lines]
        reaching = rules if target is None else _longest(rules, target)
        said = [(one, rule) for rule in reaching for one in _counted(rule, grouped=robots.is_grouped(rule.line))]
        for one, rule in {(one, rule.path): (one, rule) for one, rule in reversed(said)}.values():
            scope, evidence = rule.path.decode("utf-8", "replace") or "/", cite([rule.line])
            for addressee in addressees:
                if target is None or _is_crawlable(robots, addressee, target):
                    yield _signal(one, Level.LOCATION, scope, evidence, addressee)


class Rule(NamedTuple):
    """One ``Content-Usage`` line: its path, empty when it has none, and its dictionary."""

    path: bytes
    text: str
    line: Line


def _rule(line: Line) -> Rule:
    path, *rest = re.split(rb"[ \t]+", line.value, maxsplit=1) if line.value.startswith(b"/") else (b"", line.value)
    return Rule(path, b"".join(rest).decode("utf-8", "replace"), line)


def _counted(rule: Rule, *, grouped: bool) -> Iterator[Said]:
    """What ``rule`` says; misspelt, or before any group, it is no rule and only what it means to refuse is kept."""
    for one in preferences(rule.text):
        if grouped and not rule.line.misspelt:
            yield one
        elif one.value is not Value.ALLOW:
            yield Said(one.axis, Value.UNKNOWN, DENY_INTENT)


def _longest(rules: list[Rule], target: bytes) -> list[Rule]:
    """The rules with the longest path that reaches ``target``, all of them when several are as long."""
    patterns = [compile_pattern(rule.path) for rule in rules]
    reaching = [(pattern.octets, rule) for pattern, rule in zip(patterns, rules, strict=True) if pattern.matches(target)]
    longest = max((octets for octets, _ in reaching), default=0)
    return [rule for octets, rule in reaching if octets == longest]


def _is_crawlable(robots: RobotsTxt, agent: str, target: bytes) -> bool:
    """Whether ``agent`` may fetch ``target``: what it may not fetch has no preference."""
    winner = robots.select(agent).rules.winner(target)
    return winner is None or winner.allow
