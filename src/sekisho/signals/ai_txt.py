"""Spawning's ai.txt: robots.txt grammar, read by whoever downloads media, with patterns that are mostly file extensions.

Two other formats share the name: a directive file of an individual draft (``Training: deny``), read with the warning ``unofficial``,
and a Markdown page about the site, which holds no rights.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from sekisho.formats.path_pattern import Covering, Pattern, as_fetched, compile_pattern, target
from sekisho.formats.robots_lines import ALLOW, CRAWL_MEMBERS, DISALLOW, USER_AGENT, Line, directives, groups
from sekisho.formats.text import Served
from sekisho.model import Ask, Axis, Evidence, Observation, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import ai_txt_draft
from sekisho.signals.agents import asked, spelled
from sekisho.signals.robots_groups import View, names
from sekisho.signals.site_file import opened, signal, unread

SPEC = Spec(
    name="ai_txt",
    title=Text("ai.txt (Spawning)", "ai.txt（Spawning）"),
    version="2023-05",
    dated=date(2023, 5, 30),
    status="proposal",
    address="https://site.spawning.ai/spawning-ai-txt",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Disallow denies training and mining, Allow allows training; the longest pattern decides, Allow before Disallow.",
        "Disallow は学習と解析の拒否、Allow は学習の許可。最も長いパターンが優先し、同じ長さなら Allow が優先する。",
    ),
    unsure=Text(
        "Whether it is still served and honoured; other formats share the name.", "現在も提供・尊重されているか。同じ名前の別形式もある。"
    ),
    sources=(Source.AI_TXT,),
)
DENIED = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.TDM)
LISTED = 10_000
EXTENSION = re.compile(rb"\*((?:\.[A-Za-z0-9_-]+)+)\$?")


class Rule(NamedTuple):
    """One Allow or Disallow: a file extension in lower case, or a path pattern where there is none."""

    line: Line
    extension: bytes
    pattern: Pattern

    @property
    def allows(self) -> bool:
        return self.line.key == ALLOW

    def reaches(self, wanted: bytes) -> bool:
        """Whether the rule covers ``wanted``, a normalised path and query; an extension ends the path, in any case."""
        if self.extension:
            return wanted.partition(b"?")[0].lower().endswith(self.extension)
        return self.pattern.matches(wanted)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A file in robots.txt grammar: its groups, its rules by line number, and the refusals that can reach nobody or nothing as written."""

    view: View
    rules: dict[int, Rule]
    doubtful: tuple[Line, ...]


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """What the file says of ``ask.url``, or every rule with its pattern as scope when no address is asked."""
    text, fault = opened(observation)
    if text is None:
        return unread(SPEC, observation, fault)
    parsed = _parsed(text.octets)
    return _robots_like(parsed, text, ask) if parsed else ai_txt_draft.statements(SPEC, text, ask)


def programs(observation: Observation, ask: Ask) -> list[list[Covering]]:
    """For each group that speaks to those asked its rules, the deciding one first: all that the answer on an address depends on."""
    text, _ = opened(observation)
    if text is None:
        return []
    parsed = _parsed(text.octets)
    if parsed is None:
        return ai_txt_draft.programs(text, ask)
    selected = _selected(parsed, asked(ask))
    return [[Covering(rule.pattern, 1 if rule.allows else 2, rule.extension) for rule in rules] for _, rules in selected]


@lru_cache(maxsize=8)
def _parsed(octets: bytes) -> Parsed | None:
    """The file taken apart; None when it has no directive of robots.txt."""
    lines = [line for line in directives(octets) if line.key in {USER_AGENT, ALLOW, DISALLOW}]
    view = View(groups(lines, CRAWL_MEMBERS))
    orphans = {line.number for group in view.groups if not group.agents for line in group.members}
    doubtful = (line for line in lines if line.key == DISALLOW and line.value and (line.number in orphans or not _is_rule(line)))
    rules = {line.number: _rule(line) for line in lines if line.key in CRAWL_MEMBERS and _is_rule(line)}
    return Parsed(view, rules, tuple(doubtful)) if lines else None


def _robots_like(parsed: Parsed, text: Served, ask: Ask) -> Iterator[Signal]:
    yield from _listed(parsed, text) if ask.url is None else _reached(parsed, ask.url, asked(ask), text)
    for line in parsed.doubtful[:LISTED]:
        yield signal(SPEC, Axis.TDM, Value.UNKNOWN, _cited(line), scope=_scope(line), warnings=("malformed", "deny-intent"))


def _reached(parsed: Parsed, url: str, tokens: tuple[str, ...], text: Served) -> Iterator[Signal]:
    """One answer for each group that speaks to one of ``tokens``: its longest rule that reaches ``url``."""
    wanted = target(as_fetched(url))
    for name, rules in _selected(parsed, tokens):
        deciding = next((rule for rule in rules if rule.reaches(wanted)), None)
        if deciding:
            yield from _said(deciding, spelled(name), text)


@lru_cache(maxsize=64)
def _selected(parsed: Parsed, tokens: tuple[str, ...]) -> list[tuple[str, list[Rule]]]:
    """The names that ``tokens`` meet, each with its rules, the longest first and Allow before Disallow."""
    found = dict(parsed.view.select(token) for token in tokens)
    rules = {
        name: [parsed.rules[line.number] for group in called for line in group.members if line.number in parsed.rules]
        for name, called in found.items()
    }
    return [(name, sorted(own, key=lambda rule: (-len(rule.line.value), not rule.allows))) for name, own in rules.items() if name]


def _listed(parsed: Parsed, text: Served) -> Iterator[Signal]:
    calls = ((name, line) for group in parsed.view.groups for name in _called(group.agents) for line in group.members)
    for name, line in islice(calls, LISTED):
        if line.number in parsed.rules:
            yield from _said(parsed.rules[line.number], spelled(name), text)


def _called(agents: tuple[Line, ...]) -> list[str]:
    return sorted({name for line in agents for name in names(line)})


def _is_rule(line: Line) -> bool:
    return line.value.startswith((b"/", b"*"))


def _rule(line: Line) -> Rule:
    extension = EXTENSION.fullmatch(line.value)
    return Rule(line, extension[1].lower() if extension else b"", compile_pattern(line.value))


def _said(rule: Rule, addressee: str, text: Served) -> Iterator[Signal]:
    """The statements of one rule; in a file that was cut, what allows may have been taken back."""
    allowed = Value.UNKNOWN if "truncated" in text.warnings else Value.ALLOW
    for axis in (Axis.TRAIN,) if rule.allows else DENIED:
        value = allowed if rule.allows else Value.DENY
        yield signal(SPEC, axis, value, _cited(rule.line), scope=_scope(rule.line), addressee=addressee, warnings=text.warnings)


def _cited(line: Line) -> Evidence:
    return Evidence(f"line {line.number}", quote(line.text.strip()))


def _scope(line: Line) -> str:
    return line.value.decode("utf-8", "replace")
