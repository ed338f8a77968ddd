"""robots.txt and its relatives as lines and groups (RFC 9309 section 2.2.1), before any question of which agent is meant.

One file is read in two views. For crawling, only Allow and Disallow belong to a group and close its list of agents. For use, the lines of
the extensions (Content-Usage, Content-Signal, License) are members too, and belong to the agents directly above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

LINE_OCTETS = 16_663
"""What Google's parser keeps of one line: a browser's longest address, eight times over, less a closing octet."""
USER_AGENT, ALLOW, DISALLOW = "user-agent", "allow", "disallow"
AGENT_SPELLINGS = ("user-agent", "useragent", "user agent")
DISALLOW_SPELLINGS = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
USAGE_SPELLINGS = {
    "content-signals": "content-signal",
    "content_signal": "content-signal",
    "contentsignal": "content-signal",
    "content-usages": "content-usage",
    "content_usage": "content-usage",
    "contentusage": "content-usage",
}
CRAWL_MEMBERS = frozenset({ALLOW, DISALLOW})
USAGE_MEMBERS = CRAWL_MEMBERS | {"content-usage", "content-signal", "license", "allowaitraining", "disallowaitraining"}


class Line(NamedTuple):
    """One directive: its line number, its key in lower case, its value, the line as written, and whether its key was misspelt."""

    number: int
    key: str
    value: bytes
    text: bytes
    misspelt: bool = False


class Group(NamedTuple):
    """The ``User-agent`` lines that stand together and the lines that belong to them; no agents before the first such line."""

    agents: tuple[Line, ...]
    members: tuple[Line, ...]


def directives(octets: bytes, *, lenient: bool = True) -> Iterator[Line]:
    """Every line of ``octets`` that is a key and a value; ``lenient`` accepts the misspellings that Google's parser accepts."""
    for number, raw in enumerate(octets.splitlines(), 1):
        text = raw[:LINE_OCTETS]
        key, value = _key_and_value(text.partition(b"#")[0].strip(), lenient)
        if key:
            written = key.decode("latin-1").lower()
            folded = _folded(written) if lenient else written
            yield Line(number, folded, value, text, written != folded)


def _key_and_value(content: bytes, lenient: bool) -> tuple[bytes, bytes]:
    key, colon, value = content.partition(b":")
    if colon:
        return key.strip(), value.strip()
    words = content.split()
    return (words[0], words[1]) if lenient and len(words) == 2 else (b"", b"")


def _folded(key: str) -> str:
    """``key`` with the accepted misspellings folded; a longer word counts by its beginning, except the ones that mean something else."""
    if key in USAGE_MEMBERS:
        return key
    if key.startswith(AGENT_SPELLINGS):
        return USER_AGENT
    if key.startswith(DISALLOW_SPELLINGS):
        return DISALLOW
    return USAGE_SPELLINGS.get(key, key)


def groups(lines: Iterable[Line], members: frozenset[str]) -> tuple[Group, ...]:
    """``lines`` as groups in which the keys of ``members`` belong to the agents above them; other keys neither open, close nor split one."""
    found: list[tuple[list[Line], list[Line]]] = [([], [])]
    for line in lines:
        if line.key == USER_AGENT:
            if found[-1][1] or len(found) == 1:
                found.append(([], []))
            found[-1][0].append(line)
        elif line.key in members:
            found[-1][1].append(line)
    return tuple(Group(tuple(agents), tuple(lines)) for agents, lines in found if agents or lines)
