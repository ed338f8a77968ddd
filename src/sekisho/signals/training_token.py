"""The shared training token: a robots.txt group under the name of a purpose instead of a crawler.

A draft whose words are not settled: the token asked for comes from the caller, and a rule for ``*`` does not stand in for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sekisho.formats.path_pattern import as_fetched
from sekisho.formats.robots_lines import DISALLOW, Line
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Text, Value
from sekisho.signals.intent import DENY_INTENT
from sekisho.signals.robots_groups import RobotsTxt, cite, is_malformed, means, seen

SPEC = Spec(
    name="training_token",
    title=Text("Machine-Readable Training Preference Signal", "機械可読な学習意向の表示（共有トークン）"),
    version="draft-kelley-aipref-training-preference-signal-00",
    dated=date(2026, 10, 30),
    status="draft",
    address="https://datatracker.ietf.org/doc/draft-kelley-aipref-training-preference-signal/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Disallow under a policy token denies its use for everybody; Allow and silence say nothing.",
        "ポリシートークンへの Disallow は、その利用をすべての者に対して拒否する。Allow と無記載は何も意味しない。",
    ),
    unsure=Text(
        "The literal tokens, so none is asked for unless the caller names it; whether * is a fallback: here it is not.",
        "トークンの綴りが未確定なので、呼び出し側が指定したものだけを調べる。* が代わりになるかも不明で、ここでは代わりとしない。",
    ),
    sources=(Source.ROBOTS,),
)


def read(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """The denials that the groups of ``ask.policy_tokens`` make; with no address, each of their rules with its pattern as scope."""
    robots = seen(observation) if ask.policy_tokens else None
    for token, axis in ask.policy_tokens if robots else ():
        if robots and robots.select(token).named:
            yield from _listed(robots, token, axis) if ask.url is None else _reached(robots, token, axis, ask.url)


def _reached(robots: RobotsTxt, token: str, axis: Axis, url: str) -> Iterator[Signal]:
    selection, target = robots.select(token), robots.target(as_fetched(url))
    rule = selection.rules.winner(target)
    if rule and not rule.allow:
        yield _signal(axis, Value.DENY, rule.raw, selection.evidence(rule), robots.warnings)
        return
    for line in _lines(robots, token):
        if is_malformed(line) and means(line, target):
            yield _signal(axis, Value.UNKNOWN, line.value, cite([line]), DENY_INTENT)


def _listed(robots: RobotsTxt, token: str, axis: Axis) -> Iterator[Signal]:
    for line in _lines(robots, token):
        value, warnings = (Value.UNKNOWN, DENY_INTENT) if is_malformed(line) else (Value.DENY, robots.warnings)
        yield _signal(axis, value, line.value, cite([line]), warnings)


def _lines(robots: RobotsTxt, token: str) -> Iterator[Line]:
    _, groups = robots.crawl.select(token)
    return (line for group in groups for line in group.members if line.key == DISALLOW and line.value)


def _signal(axis: Axis, value: Value, scope: bytes, evidence: Evidence, warnings: tuple[str, ...]) -> Signal:
    return Signal(SPEC.name, SPEC.version, Level.LOCATION, scope.decode("utf-8", "replace"), axis, value, evidence, warnings=warnings)
