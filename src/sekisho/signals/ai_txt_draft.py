"""The other ai.txt: directives such as ``Training: deny`` of an individual draft (draft-car-ai-txt-wellknown-00, February 2026).

Lines at the margin speak to everyone; lines indented under ``Agent:`` speak to that agent, and replace the others for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sekisho.formats.path_pattern import Covering, Pattern, as_fetched, normalise, target
from sekisho.formats.text import Served
from sekisho.model import Ask, Evidence, Offer, Signal, Spec, Value, quote
from sekisho.signals.agents import asked
from sekisho.signals.site_file import TRAINING, intent, signal

WORDS = {"allow": Value.ALLOW, "deny": Value.DENY, "conditional": Value.LICENCE}
BY_PATH = {"training-allow": Value.ALLOW, "training-deny": Value.DENY}
POLICY, LICENCE, AGENT = "training", "training-license", "agent"
UNOFFICIAL = "unofficial"


class Said(NamedTuple):
    """One directive and where it stands."""

    value: str
    number: int
    line: str


@dataclass(slots=True)
class Block:
    """The directives that speak to one agent, ``*`` for everyone."""

    agent: str
    policies: list[Said] = field(default_factory=list)
    paths: list[tuple[Value, Said]] = field(default_factory=list)
    licence: str = ""


def statements(spec: Spec, text: Served, ask: Ask) -> Iterator[Signal]:
    """The statements of the blocks that speak to ``ask``; none when the text holds no such directive."""
    for block in _heeded(text, ask, listed=ask.url is None):
        for answer in _answers(block, ask.url):
            yield from _signals(spec, block, answer, text.warnings)


def programs(text: Served, ask: Ask) -> list[list[Covering]]:
    """For each block that speaks to those asked its paths, the deciding one first: all that the answer on an address depends on."""
    ordered = (reversed(_by_length(_paths(block))) for block in _heeded(text, ask))
    return [[_covering(path) for path in paths if "*" not in path.scope] for paths in ordered]


def _covering(path: Answer) -> Covering:
    """A path as the beginning that it is; one with a star covers nothing, for addresses hold stars encoded."""
    octets = _octets(path.scope)
    return Covering(Pattern((octets,), anchored=False, octets=len(octets)), 1 if path.value is Value.ALLOW else 2)


def _heeded(text: Served, ask: Ask, *, listed: bool = False) -> list[Block]:
    """The blocks that speak to those asked, or all of them."""
    blocks = [block for block in _blocks(text.text) if block.policies or block.paths]
    tokens = {token.lower() for token in asked(ask)}
    named = [block for block in blocks if block.agent != "*" and (listed or block.agent.lower() in tokens)]
    left = listed or tokens - {block.agent.lower() for block in named}
    return [block for block in blocks if block.agent == "*" and left] + named


def _blocks(text: str) -> list[Block]:
    everyone = Block("*")
    blocks = [everyone]
    for number, line in enumerate(text.splitlines(), 1):
        key, _, value = (word.strip() for word in line.partition("#")[0].partition(":"))
        if key.lower() == AGENT:
            blocks.append(Block(value or "*"))
        else:
            _take(blocks[-1] if line[:1].isspace() else everyone, key.lower(), Said(value, number, line.strip()))
    return blocks


def _take(block: Block, key: str, said: Said) -> None:
    if key == POLICY:
        block.policies.append(said)
    elif key in BY_PATH:
        block.paths.append((BY_PATH[key], said))
    elif key == LICENCE:
        block.licence = said.value


class Answer(NamedTuple):
    """What a block says, in which line, of which paths."""

    value: Value
    said: Said
    scope: str = "/"
    warnings: tuple[str, ...] = ()


def _answers(block: Block, url: str | None) -> Iterator[Answer]:
    """The longest path that ``url`` begins with, or the policy for all; everything when no address is asked."""
    paths = _paths(block)
    if url is None:
        yield from paths
    else:
        reached = target(as_fetched(url))
        paths = _by_length(path for path in paths if reached.startswith(_octets(path.scope)))
        yield from paths[-1:]
    if block.policies and not (paths and url is not None):
        yield _policy(block.policies)
    for value, said in block.paths:
        if value is Value.DENY and not said.value.startswith("/"):
            yield Answer(Value.UNKNOWN, said, warnings=("malformed", "deny-intent"))


def _paths(block: Block) -> list[Answer]:
    return [Answer(value, said, said.value) for value, said in block.paths if said.value.startswith("/")]


def _by_length(paths: Iterable[Answer]) -> list[Answer]:
    """The paths in the order in which each one decides over those before it."""
    return sorted(paths, key=lambda path: (len(path.scope), path.value is Value.DENY))


def _octets(scope: str) -> bytes:
    return normalise(scope.encode("utf-8", "replace"))


def _policy(said: list[Said]) -> Answer:
    """The one word said, however often; of several a deny."""
    values = {WORDS.get(one.value.lower(), Value.UNKNOWN) for one in said}
    refused = next((one for one in said if one.value.lower() == "deny"), None)
    if refused or (len(values) == 1 and Value.UNKNOWN not in values):
        return Answer(Value.DENY if refused else values.pop(), refused or said[0])
    return Answer(Value.UNKNOWN, said[0], warnings=tuple(dict.fromkeys(word for one in said for word in intent(one.value))))


def _signals(spec: Spec, block: Block, answer: Answer, warnings: tuple[str, ...]) -> Iterator[Signal]:
    """The statements on both kinds of training; in a file that was cut, what allows may have been taken back."""
    doubted = "truncated" in warnings and answer.value is Value.ALLOW
    evidence = Evidence(f"line {answer.said.number}", quote(answer.said.line))
    offers = (Offer(licence_uri=block.licence),) if block.licence and answer.value is not Value.DENY else ()
    words = (UNOFFICIAL, *answer.warnings, *warnings)
    for axis in TRAINING:
        value = Value.UNKNOWN if doubted else answer.value
        said = signal(spec, axis, value, evidence, scope=answer.scope, addressee=block.agent, warnings=words)
        yield replace(said, offers=offers)
