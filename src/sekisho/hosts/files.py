"""What observed files say as a function of the path, compiled: robots.txt by the kernel, other files through their readers' ``programs``.

A file is a shape (what it says whatever the path) and a list of programs. What a failed or missing file comes to is a shape without programs.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho import signals
from sekisho.elsewhere import elsewhere
from sekisho.formats import text
from sekisho.formats.path_pattern import Covering
from sekisho.hosts import shapes
from sekisho.kernels import table
from sekisho.kernels.table import ANCHORED, EXTENSION, MOST_TOKENS, NOT_COMPILED, OPEN, Entry, FileTable, Tables, Token
from sekisho.model import Ask, Observation, Source
from sekisho.signals import agents
from sekisho.signals.robots_groups import LIMIT

ROBOTS_READERS = frozenset({"robots", "aipref", "content_signal", "rsl", "training_token"})
"""The readers of robots.txt whose dependence on the path the kernel knows; beside any other one every address is read by itself."""
FLAGS = {"encoding": 1, "truncated": 2, "wrong-type": 4, "unreadable": 8}
LICENCE, TDM_POLICY = "license", b"tdm-policy"
"""What a file must contain to point to terms elsewhere."""
LONGEST = 65_535
PRODUCT_TOKEN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


class Saying(NamedTuple):
    """What one observation comes to: its source, how it was answered, and the shape of its file where one was read."""

    source: Source
    status: int
    failed: bool
    empty: bool
    shape: bytes
    compiled: bool
    programs: int
    """How many programs its file has."""

    def meaning(self, decided: Sequence[int]) -> Hashable:
        """What an answer depends on when the file's programs ``decided`` thus."""
        said = shapes.meaning(shapes.read(self.shape), decided) if self.compiled else (self.shape, tuple(decided))
        return self.source, self.status, self.failed, self.empty, said


def tokens(ask: Ask) -> list[Token]:
    """The product tokens that ``ask`` is about, as the kernel compares them."""
    asked = dict.fromkeys(agents.asked(ask))
    uses = {axes: number for number, axes in enumerate(dict.fromkeys(map(agents.axes, asked)))}
    return [_token(name, uses[agents.axes(name)]) for name in asked]


def _token(name: str, uses: int) -> Token:
    """A token as lines call it; one with other characters is called by a whole line, and only when it is a known one."""
    wanted = name.partition("/")[0].strip().lower()
    whole = not PRODUCT_TOKEN.issuperset(wanted)
    return Token(wanted if not whole or wanted in agents.table() else "", uses, whole)


@cache
def _readers(source: Source) -> tuple[tuple[str, signals.Reader], ...]:
    return tuple((name, reader) for name, reader in signals.readers().items() if source in reader.SPEC.sources)


class Files:
    """Files under construction for one ``ask``; ``terms`` are the addresses of terms on record."""

    def __init__(self, ask: Ask, terms: Collection[str] = ()) -> None:
        self.ask, self.terms = ask, terms
        asked = tokens(ask)
        self._table = FileTable(asked)
        known = ROBOTS_READERS.issuperset(name for name, _ in _readers(Source.ROBOTS))
        self._compiles = known and not ask.policy_tokens and len(asked) <= MOST_TOKENS

    def robots(self, bodies: pa.Array) -> NDArray[np.int32]:
        """The file of each robots.txt in ``bodies`` (binary), or ``NOT_COMPILED``."""
        if not self._compiles:
            return np.full(len(bodies), NOT_COMPILED, np.int32)
        octets, flags = served(bodies)
        found = self._table.robots(octets, flags)
        found[[place for place in self._mentioning(bodies) if self._leads_to_terms(bodies[place].as_py())]] = NOT_COMPILED
        return found

    def _mentioning(self, bodies: pa.Array) -> list[int]:
        """The places of those ``bodies`` that may point to terms on record."""
        said = pc.match_substring(bodies, LICENCE, ignore_case=True) if self.terms else pa.array([], pa.bool_())
        return np.flatnonzero(said.to_numpy(zero_copy_only=False)).tolist()

    def _leads_to_terms(self, body: bytes) -> bool:
        """Whether a robots.txt points to terms on record: then what it comes to depends on them, too."""
        said = signals.read(Observation("", Source.ROBOTS, body), replace(self.ask, url=None, agents=()))
        return any(address in self.terms for address, _ in elsewhere(said))

    def cited(self, bodies: pa.Array) -> tuple[pa.Array, pa.Array]:
        """For each robots.txt where it refuses those asked, and the words that do."""
        return self._table.cited(served(bodies)[0])

    def other(self, observation: Observation) -> int:
        """The file of an answer that is no robots.txt, or ``NOT_COMPILED`` when a reader does not tell what its answer depends on."""
        if self.terms and TDM_POLICY in observation.body.lower():
            return NOT_COMPILED
        found = []
        for _, reader in _readers(observation.source):
            programs = getattr(reader, "programs", None)
            if programs is None:
                return NOT_COMPILED
            found += [list(entries) for entries in programs(observation, replace(self.ask, url=None))]
        if any(len(entry.text) > LONGEST for entries in map(_entries, found) for entry in entries):
            return NOT_COMPILED
        shape = observation.source.value.encode() + bytes.fromhex(observation.digest)
        return self._table.file(shape, [self._table.program(_entries(entries)) for entries in found])

    def tables(self) -> Tables:
        """All that was compiled."""
        return self._table.tables()


def served(bodies: pa.Array) -> tuple[pa.Array, NDArray[np.uint8]]:
    """``bodies`` as the octets in which lines are looked for, and flags for what was wrong with each."""
    flags = np.zeros(len(bodies), np.uint8)
    odd = np.flatnonzero(~table.plain(bodies, LIMIT))
    if not len(odd):
        return bodies, flags
    octets = bodies.to_pylist()
    for place in map(int, odd):
        octets[place], warnings = text.served(octets[place], LIMIT)
        flags[place] = sum(FLAGS[warning] for warning in warnings)
    return pa.array(octets, pa.large_binary()), flags


def _entries(covering: Iterable[Covering]) -> list[Entry]:
    return [_entry(one) for one in covering]


def _entry(one: Covering) -> Entry:
    if one.extension:
        return Entry(one.extension, EXTENSION, one.decides)
    return Entry(b"*".join(one.pattern.pieces), ANCHORED if one.pattern.anchored else OPEN, one.decides)
