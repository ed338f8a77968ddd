"""A robots.txt as a whole: which groups speak to an agent, and what their rules together say of a path (RFC 9309 section 2.2).

This is the readable form; whatever compiles it for speed is proved against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from sekisho.formats import path_pattern, text
from sekisho.formats.path_pattern import Pattern
from sekisho.formats.robots_lines import ALLOW, CRAWL_MEMBERS, DISALLOW, USAGE_MEMBERS, Group, Line, directives, groups
from sekisho.model import Evidence, Observation, quote
from sekisho.signals import agents

LIMIT = 500 * 1024
"""Octets that are parsed (RFC 9309 section 2.5 asks for at least as many)."""
PRODUCT = re.compile(rb"[a-z0-9_-]*")
CITED_LINES = 20
OTHERS = 100
"""Unknown agents whose lines are listed; a hostile file could name ten thousand."""
REFUSES_TRAINING = "disallowaitraining"
"""The rule of an expired draft (draft-canel-robots-ai-control-00): what it means is plain, that it counts is not."""
ROBOTS_PATH = b"/robots.txt"
FEW = 48
"""So many beginnings of rules are tried at one call; of more only those of the right length are looked up."""
INDEX_PAGE = re.compile(rb"(.*/)index\.htm[^/]*", re.DOTALL)


class Rule(NamedTuple):
    """One Allow or Disallow with a pattern, as written and as compared."""

    allow: bool
    raw: bytes
    pattern: Pattern


class Encoding(NamedTuple):
    """How rules and addresses are spelled before they are compared."""

    pattern: Callable[[bytes], Pattern]
    target: Callable[[str], bytes]
    path: Callable[[bytes], bytes]
    index_pages: bool


ENCODINGS = {
    "rfc9309": Encoding(path_pattern.compile_pattern, path_pattern.target, path_pattern.normalised_target, index_pages=False),
    "google": Encoding(path_pattern.compile_google, path_pattern.raw_target, bytes, index_pages=True),
}


class RuleSet:
    """What all rules for an agent say together: the longest matching pattern decides, Allow before Disallow (section 2.2.2)."""

    def __init__(self, rules: Iterable[Rule], encoding: Encoding) -> None:
        self.rules = tuple(sorted(set(rules), key=lambda rule: (-rule.pattern.octets, not rule.allow, rule.raw)))
        self._path = encoding.path
        self._last: tuple[bytes | None, Rule | None] = None, None
        """The target that was decided last, and by which rule: several agents that obey the same rules are asked about one address."""
        self._by_beginning: dict[bytes, list[int]] = {}
        for place, rule in enumerate(self.rules):
            self._by_beginning.setdefault(rule.pattern.pieces[0], []).append(place)
        self._lengths = tuple({len(beginning) for beginning in self._by_beginning})
        self._few = tuple(self._by_beginning) if len(self._by_beginning) <= FEW else (b"",)

    def winner(self, target: bytes) -> Rule | None:
        """The rule that decides on ``target``, a normalised path and query; None when none matches and all is allowed."""
        last = self._last
        if last[0] is not target:
            last = self._last = target, self._found(target)
        return last[1]

    def _found(self, target: bytes) -> Rule | None:
        if not target.startswith(self._few):
            return None
        places: list[int] = []
        for length in self._lengths:
            places += self._by_beginning.get(target[:length], ())
        if not places or target == ROBOTS_PATH:
            return None
        places.sort()
        return next((rule for place in places if (rule := self.rules[place]).pattern.matches(target)), None)

    def allows(self, path: bytes) -> bool:
        """Whether ``path``, a path and query as a fetcher sends it, may be fetched."""
        winner = self.winner(self._path(path))
        return winner is None or winner.allow


class Called(NamedTuple):
    """A group that speaks to an agent, and the lines of it that call the agent."""

    group: Group
    calls: list[Line]


class View:
    """Groups that can be asked by agent: all that name it, else all for ``*``, else none (section 2.2.1)."""

    def __init__(self, found: tuple[Group, ...]) -> None:
        self.groups = found
        self._by_name: dict[str, dict[int, Called]] = {}
        self._selected: dict[str, tuple[str, tuple[Group, ...]]] = {}
        for number, group in enumerate(found):
            for line in group.agents:
                for name in names(line):
                    self._by_name.setdefault(name, {}).setdefault(number, Called(group, [])).calls.append(line)

    def select(self, agent: str) -> tuple[str, tuple[Group, ...]]:
        """The name met (its own, ``*``, or empty when neither was) and its groups, in the order of the file."""
        if agent not in self._selected:
            name, called = self.called(agent)
            self._selected[agent] = name, tuple(group for group, _ in called)
        return self._selected[agent]

    def called(self, agent: str) -> tuple[str, tuple[Called, ...]]:
        """As ``select``, with the lines that call the name met."""
        wanted = agent.partition("/")[0].strip().lower()
        name = next((name for name in (wanted, "*") if name in self._by_name), "")
        return name, tuple(self._by_name.get(name, {}).values())

    def names(self) -> list[str]:
        """The names called, those of known agents first, then others up to a limit; everybody last."""
        known = [name for name in self._by_name if name in agents.table()]
        others = [name for name in self._by_name if name not in agents.table() and name != "*"]
        return [*known, *others[:OTHERS], "*"]


class Selection:
    """What speaks to one agent: its rules, whether a group of its own does rather than the one for everybody, and the evidence."""

    def __init__(self, robots: RobotsTxt, agent: str) -> None:
        name, self._called = robots.crawl.called(agent)
        self._rules_of = robots.rules
        self._cited: dict[Rule | None, Evidence] = {}
        self.named = name not in {"", "*"}
        self.rules = robots.shared(rule for called in self._called for line in called.group.members for rule in robots.rules(line))

    def evidence(self, rule: Rule | None) -> Evidence:
        """The lines that say ``rule`` to the agent, those that call it first; with no rule only those that call it."""
        if rule not in self._cited:
            self._cited[rule] = cite([*self._calls(rule), *self._sayings(rule)])
        return self._cited[rule]

    def _calls(self, rule: Rule | None) -> Iterator[Line]:
        for group, calls in self._called:
            if rule is None or any(rule in self._rules_of(line) for line in group.members):
                yield from calls

    def _sayings(self, rule: Rule | None) -> Iterator[Line]:
        return (line for called in self._called for line in called.group.members if rule in self._rules_of(line))


def names(line: Line) -> set[str]:
    """The names, in lower case, that a ``User-agent`` line calls: ``*``, its leading product token, a known token with other characters whole."""
    value = line.value.lower()
    if value.split(None, 1)[:1] == [b"*"]:
        return {"*"}
    whole = value.decode("utf-8", "replace")
    product = PRODUCT.match(value)
    return {name for name in (product[0].decode() if product else "", whole if whole in agents.table() else "") if name}


class RobotsTxt:
    """A parsed robots.txt; agents that obey the same rules share one RuleSet object."""

    def __init__(self, lines: Iterable[Line], warnings: tuple[str, ...], encoding: Encoding) -> None:
        self.lines = tuple(lines)
        self.warnings = warnings
        self.keys = frozenset(line.key for line in self.lines)
        self.crawl = View(groups(self.lines, CRAWL_MEMBERS))
        self._encoding = encoding
        self._rules: dict[int, tuple[Rule, ...]] = {}
        self._rule_sets: dict[frozenset[Rule], RuleSet] = {}
        self._selections: dict[str, Selection] = {}
        self._last: tuple[str | None, bytes] = None, b""
        """The address that was asked about last, as rules are compared with it: several agents are asked about one."""

    @cached_property
    def usage(self) -> View:
        """The file as the extensions read it: their lines are members too, and close the list of agents above them."""
        return View(groups(self.lines, USAGE_MEMBERS))

    @cached_property
    def ungrouped(self) -> tuple[Line, ...]:
        """The lines of extensions, and the rules, that stand before any agent."""
        return tuple(line for group in self.usage.groups if not group.agents for line in group.members)

    @cached_property
    def misses(self) -> bool:
        """Whether any line might mean to refuse but miss the grammar; most files have none, and need no second look."""
        nameless = (line for group in self.usage.groups if not any(map(names, group.agents)) for line in group.members)
        return REFUSES_TRAINING in self.keys or any(map(is_malformed, self.lines)) or any(nameless)

    def is_grouped(self, line: Line) -> bool:
        """Whether ``line`` belongs to some agent."""
        return not self.ungrouped or line.number > self.ungrouped[-1].number

    def allows(self, agent: str, url: str) -> bool:
        """Whether ``agent``, a product token, may fetch ``url``."""
        selection = self._selections.get(agent) or self.select(agent)
        winner = selection.rules.winner(self.target(url))
        return winner is None or winner.allow

    def target(self, url: str) -> bytes:
        """Path and query of ``url`` as the rules of this file are compared with them."""
        last = self._last
        if last[0] is not url:
            last = self._last = url, self._encoding.target(url)
        return last[1]

    def select(self, agent: str) -> Selection:
        """What speaks to ``agent``."""
        selection = self._selections.get(agent)
        if selection is None:
            selection = self._selections[agent] = Selection(self, agent)
        return selection

    def shared(self, rules: Iterable[Rule]) -> RuleSet:
        """The one RuleSet of this file that consists of ``rules``."""
        wanted = frozenset(rules)
        if wanted not in self._rule_sets:
            self._rule_sets[wanted] = RuleSet(wanted, self._encoding)
        return self._rule_sets[wanted]

    def rules(self, line: Line) -> tuple[Rule, ...]:
        """The rules that an Allow or Disallow line makes: none when its value is empty or is not a path."""
        if line.number not in self._rules:
            self._rules[line.number] = tuple(self._made(line)) if line.value.startswith((b"/", b"*")) else ()
        return self._rules[line.number]

    def _made(self, line: Line) -> Iterator[Rule]:
        yield Rule(line.key == ALLOW, line.value, self._encoding.pattern(line.value))
        if self._encoding.index_pages and line.key == ALLOW and (page := INDEX_PAGE.fullmatch(line.value)):
            yield Rule(True, line.value, self._encoding.pattern(page[1] + b"$"))


def parse(body: bytes, *, lenient: bool = True, encoding: Literal["rfc9309", "google"] = "rfc9309") -> RobotsTxt:
    """The robots.txt in ``body``; never raises, reads the first 500 KiB, in time that grows with the length.

    ``lenient`` accepts the misspellings that express a refusal all the same. ``encoding="google"`` compares addresses as Google's own parser
    does, which decodes nothing and expects an encoded address; it is meant for comparisons.
    """
    octets, warnings = text.served(body, LIMIT)
    return RobotsTxt(directives(octets, lenient=lenient), warnings, ENCODINGS[encoding])


@lru_cache(maxsize=8)
def parsed(body: bytes) -> RobotsTxt:
    """``parse(body)``, kept for a moment: several protocols are read from the same file."""
    return parse(body)


def seen(observation: Observation) -> RobotsTxt | None:
    """The robots.txt that ``observation`` holds; None when no file came (section 2.3.1)."""
    came = observation.failure is None and (observation.status is None or 200 <= observation.status < 300)
    return parsed(observation.body) if came else None


def spoken(robots: RobotsTxt, key: str, asked: Sequence[str]) -> Iterator[tuple[list[str], list[Line]]]:
    """The lines called ``key`` with those they speak to: of the agents asked, or of all that the file names when none is.

    Agents without a group of their own are spoken to as ``*``. The lines before any agent come with every one; what they are worth is the caller's.
    """
    heard: dict[tuple[bool, tuple[int, ...]], tuple[list[str], tuple[Group, ...]]] = {}
    for token in (asked or robots.usage.names()) if key in robots.keys else ():
        name, groups = robots.usage.select(token)
        own = name not in {"", "*"}
        addressees, _ = heard.setdefault((own, tuple(map(id, groups))), ([], groups))
        addressees += [agents.spelled(token)] if own else [] if addressees else ["*"]
    for addressees, groups in heard.values():
        members = chain(robots.ungrouped, *(group.members for group in groups))
        if lines := [line for line in members if line.key == key]:
            yield addressees, lines


def is_malformed(line: Line) -> bool:
    """Whether a Disallow line names something that is not a path, so that it refuses nothing though it means to."""
    return line.key == DISALLOW and bool(line.value) and not line.value.startswith((b"/", b"*"))


def means(line: Line, target: bytes) -> bool:
    """Whether the value of ``line``, put right where it is not a path, covers ``target``."""
    value = line.value
    if b"://" in value:
        value = path_pattern.raw_target(value.decode("utf-8", "replace"))
    meant = value if value.startswith((b"/", b"*")) else b"/" + value
    return bool(line.value) and path_pattern.compile_pattern(meant).matches(target)


def cite(lines: Sequence[Line]) -> Evidence:
    """The evidence that ``lines`` are: their numbers and their words."""
    numbers = ", ".join(str(line.number) for line in lines[:CITED_LINES]) + (", ..." if len(lines) > CITED_LINES else "")
    words = b"\n".join(line.text.strip() for line in lines[:CITED_LINES])
    return Evidence(f"{'line' if len(lines) == 1 else 'lines'} {numbers}" if lines else "robots.txt", quote(words))
