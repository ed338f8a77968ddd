"""robots.txt, RFC 9309: who may fetch what, and what that says of use through the declared purpose of the agent refused.

robots.txt controls access. A refusal becomes a statement on use only where the agent it names is declared to have that use; permission and
silence never do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice

from sekisho.formats.path_pattern import as_fetched
from sekisho.formats.robots_lines import ALLOW, CRAWL_MEMBERS, DISALLOW, Group, Line
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Text, Value
from sekisho.signals import agents
from sekisho.signals.intent import DENY_INTENT
from sekisho.signals.robots_groups import REFUSES_TRAINING, RobotsTxt, RuleSet, Selection, cite, is_malformed, means, names, parse, seen

__all__ = ["SPEC", "RobotsTxt", "RuleSet", "parse", "read"]

SPEC = Spec(
    name="robots",
    title=Text("robots.txt", "robots.txt"),
    version="RFC 9309",
    dated=date(2022, 9, 1),
    status="standard",
    address="https://www.rfc-editor.org/rfc/rfc9309.html",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Allow and Disallow are crawl allow or deny; Disallow for an agent also denies the uses that its operator declares for it.",
        "Allow と Disallow はクロールの可否。さらに、あるエージェントへの Disallow は、その運営者が公表する利用目的の拒否でもある。",
    ),
    unsure=Text(
        "Whether a rule for * is meant for training: it denies with the warning general-disallow.",
        "* への規則が学習まで意図するかどうか。警告 general-disallow を付けて拒否とする。",
    ),
    sources=(Source.ROBOTS,),
)
LISTED = 10_000
"""Statements listed from one file when no address is asked; hostile files could make a hundred million."""


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """The crawl statements of a robots.txt, and the denials of use that follow from them.

    With an address, one answer for each agent asked; agents that only ``*`` speaks to share one answer, addressed to ``*``.
    Without, every rule with its pattern as scope. That the file belongs to the authority asked is the caller's to know.
    """
    robots = seen(observation)
    if robots is None:
        return _not_seen(observation, ask)
    if not robots.crawl.groups and (broken := {"wrong-type", "unreadable"} & set(robots.warnings)):
        return _garbage("unreadable" in broken, robots, ask)
    return _listed(robots) if ask.url is None else _reached(robots, ask.url, agents.asked(ask))


def _signal(axis: Axis, value: Value, scope: str, evidence: Evidence, *, addressee: str = "*", warnings: tuple[str, ...] = ()) -> Signal:
    return Signal(SPEC.name, SPEC.version, Level.LOCATION, scope, axis, value, evidence, addressee=addressee, warnings=warnings)


def _axes(tokens: Iterable[str]) -> tuple[Axis, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(map(agents.axes, tokens))))


def _not_seen(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """What follows when no file came (section 2.3.1): failure is full disallow, absence is silence, the rest cannot be known."""
    crawl, warnings = _access(observation)
    evidence = Evidence("status", observation.failure or str(observation.status))
    yield _signal(Axis.CRAWL, crawl, "/", evidence, warnings=warnings)
    if "no-statement" not in warnings:
        for axis in _axes(agents.asked(ask)):
            yield _signal(axis, Value.UNKNOWN, "/", evidence, warnings=warnings)


def _access(observation: Observation) -> tuple[Value, tuple[str, ...]]:
    if observation.failed:
        return Value.DENY, ("unreachable",)
    if observation.status == 429:
        return Value.UNKNOWN, ("no-statement", "rate-limited")
    return (Value.ALLOW, ("no-statement",)) if observation.absent else (Value.UNKNOWN, ("not-followed",))


def _garbage(unreadable: bool, robots: RobotsTxt, ask: Ask) -> Iterator[Signal]:
    """A body that is no robots.txt: an HTML page is silence about use, binary octets could have said anything."""
    for axis in (Axis.CRAWL, *(_axes(agents.asked(ask)) if unreadable else ())):
        yield _signal(axis, Value.UNKNOWN, "/", cite(()), warnings=robots.warnings)


def _reached(robots: RobotsTxt, url: str, tokens: tuple[str, ...]) -> Iterator[Signal]:
    target = robots.target(as_fetched(url))
    general = []
    for token in tokens:
        selection = robots.select(token)
        if selection.named:
            yield from _answer(robots, selection, target, (token,))
        else:
            general.append(token)
    if general:
        yield from _answer(robots, robots.select("*"), target, tuple(general))


def _answer(robots: RobotsTxt, selection: Selection, target: bytes, tokens: tuple[str, ...]) -> Iterator[Signal]:
    """What one selection of rules says of ``target`` to the ``tokens`` that it speaks to."""
    addressee = agents.spelled(tokens[0]) if selection.named else "*"
    warnings = robots.warnings if selection.named else ("general-disallow", *robots.warnings)
    rule = selection.rules.winner(target)
    evidence = selection.evidence(rule)
    scope = rule.raw.decode("utf-8", "replace") if rule else "/"
    if rule and not rule.allow:
        for axis in (Axis.CRAWL, *_axes(tokens)):
            yield _signal(axis, Value.DENY, scope, evidence, addressee=addressee, warnings=warnings)
        return
    silence = robots.warnings if rule else ("no-statement", *robots.warnings)
    yield _signal(Axis.CRAWL, Value.ALLOW, scope, evidence, addressee=addressee, warnings=silence)
    for line in _intents(robots, tokens[0], target) if robots.misses else ():
        for axis in _axes(tokens):
            yield _signal(axis, Value.UNKNOWN, _scope(line), cite([line]), addressee=addressee, warnings=_intent_warnings(line))


def _intents(robots: RobotsTxt, token: str, target: bytes) -> list[Line]:
    """The lines that mean to refuse ``target`` to ``token`` but miss the grammar: not a path, under no agent, or of an expired draft."""
    name, groups = robots.usage.select(token)
    orphans = [line for group in robots.usage.groups if name in {"", "*"} and not _calls_anybody(group) for line in group.members]
    grouped = [line for group in groups for line in group.members if line.key == REFUSES_TRAINING or is_malformed(line)]
    return [line for line in orphans + grouped if line.key in {DISALLOW, REFUSES_TRAINING} and means(line, target)]


def _calls_anybody(group: Group) -> bool:
    return any(names(line) for line in group.agents)


def _intent_warnings(line: Line) -> tuple[str, ...]:
    return ("expired", "deny-intent") if line.key == REFUSES_TRAINING else DENY_INTENT


def _listed(robots: RobotsTxt) -> Iterator[Signal]:
    """Every rule of the file as it stands, for each agent of its group."""
    rules = (_group_statements(robots, group, CRAWL_MEMBERS) for group in robots.crawl.groups)
    expired = (_group_statements(robots, group, {REFUSES_TRAINING}) for group in robots.usage.groups)
    statements = chain.from_iterable(chain(rules, expired))
    yield from islice(statements, LISTED)
    if next(statements, None):
        yield _signal(Axis.CRAWL, Value.UNKNOWN, "/", cite(()), warnings=("truncated",))


def _group_statements(robots: RobotsTxt, group: Group, keys: Collection[str]) -> Iterator[Signal]:
    calls = {name: call for call in group.agents for name in sorted(names(call))}
    for line in group.members:
        if line.key in keys:
            yield from _rule_statements(robots, line, calls) if calls else _orphan_statements(robots, line)


def _rule_statements(robots: RobotsTxt, line: Line, calls: Mapping[str, Line]) -> Iterator[Signal]:
    value, warnings = _rule_value(line)
    for name, call in calls.items():
        for axis in _rule_axes(line, name, value):
            general = ("general-disallow",) if name == "*" and value is Value.DENY else ()
            words = robots.warnings + warnings + general
            yield _signal(axis, value, _scope(line), cite([call, line]), addressee=agents.spelled(name), warnings=words)


def _orphan_statements(robots: RobotsTxt, line: Line) -> Iterator[Signal]:
    if line.key != ALLOW and line.value:
        for axis in (Axis.CRAWL, Axis.TRAIN):
            yield _signal(axis, Value.UNKNOWN, _scope(line), cite([line]), warnings=robots.warnings + DENY_INTENT)


def _rule_value(line: Line) -> tuple[Value, tuple[str, ...]]:
    if line.key == REFUSES_TRAINING or is_malformed(line):
        return Value.UNKNOWN, _intent_warnings(line)
    return (Value.DENY if line.key == DISALLOW and line.value else Value.ALLOW), ()


def _rule_axes(line: Line, name: str, value: Value) -> tuple[Axis, ...]:
    """The axes a listed rule speaks on: crawl, and the uses declared for its agent unless it permits."""
    if line.key == REFUSES_TRAINING:
        return (Axis.TRAIN,)
    if line.key == ALLOW and not line.value.startswith((b"/", b"*")):
        return ()
    declared = name == "*" or name in agents.table()
    return (Axis.CRAWL, *(agents.axes(name) if declared and value is not Value.ALLOW else ()))


def _scope(line: Line) -> str:
    return line.value.decode("utf-8", "replace")
