"""What was heard at each address on a day: every row finds its site and a signature of the rules that cover it, the readers say what that means.

For each source the latest observation not after the day of use counts, and the one valid when the item was captured; the stricter wins
because both are heard. Later ones are ignored unless hindsight is asked for. Equal signatures are answered alike, so the readers on the shelf
are asked once for each; where the compiler cannot know what an answer depends on, they are asked about the very address.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho import facts, signals
from sekisho.addresses import AddressBook, Addresses
from sekisho.elsewhere import elsewhere
from sekisho.facts import Heard
from sekisho.hosts import HostTable, Recorded
from sekisho.kernels.columns import Growing
from sekisho.kernels.locations import BY_ADDRESS, NOWHERE, SEVERAL, UNSEEN, Found, Hosts, Paths, Signatures
from sekisho.model import Ask, Axis, Observation, Signal
from sekisho.observe import Record
from sekisho.signals.agents import asked

MOST_AUTHORITIES = 1 << 20
UNREAD = -1
"""The place of what was not heard yet."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a run wants to hear from every address: on whose behalf, on which axis, for which jurisdictions (terms limited to others do not count)."""

    ask: Ask
    axis: Axis
    places: tuple[str, ...] = ()
    terms: Mapping[str, tuple[int, Observation]] = field(default_factory=dict)
    """What is on record of terms that are kept elsewhere: address → number of the record, and what it holds."""


class Said(NamedTuple):
    """What was heard of an item, and the numbers of the records of terms kept elsewhere that it was heard from."""

    heard: Heard
    terms: tuple[int, ...] = ()


class Voices(NamedTuple):
    """For each row what was heard, as a place among ``Locations.heard`` (``NOWHERE`` for none), and where that was."""

    heard: NDArray[np.int32]
    found: Found
    records: dict[int, tuple[int, ...]]
    """The rows that stand on other records than their site."""


class Item(NamedTuple):
    """An item about whose very address the readers are asked: the records of its site, and what is in hand of it."""

    site: int
    url: str | None
    captured: int | None = None
    content: Observation | None = None


@dataclass
class Readings:
    """What the readers said, once for each signature met; lives as long as the process."""

    seen: Recorded
    table: HostTable
    inquiry: Inquiry
    day: int
    """The last moment of the day of use, in microseconds."""
    heard: list[Heard] = field(default_factory=list)
    _places: dict[Hashable, int] = field(default_factory=dict)
    _meanings: dict[Hashable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hosts = Hosts(self.table.arrays)
        self.signatures = Signatures(len(self.table.roots))
        self._of_signature = Growing(np.int32, UNREAD)
        self._decided: list[tuple[int, tuple[int, ...]]] = []

    def known(self, found: NDArray[np.int32]) -> NDArray[np.int32]:
        """What was heard for each of these signatures, as far as that is known already."""
        return self._of_signature.room.take(found)

    def learn(self, signature: int, site: int, url: str) -> None:
        """Read what rows of ``signature`` hear, of which the one at ``url`` on ``site`` is one."""
        meaning = self._meaning(signature)
        if meaning not in self._meanings:
            self._meanings[meaning] = self.place(self._read(self._records(site), url).heard)
        self._of_signature.room[signature] = self._meanings[meaning]

    def grow(self) -> None:
        """Make room for the signatures that the kernel has found since."""
        first = len(self.table.roots) + len(self._decided)
        for step in self.signatures.since(first).tolist():
            before, _, place, decided, _ = step
            root, states = self._states(before)
            self._decided.append((root, (*states, *(0,) * (place - len(states)), decided)))
        self._of_signature.add(np.full(len(self.signatures) - len(self._of_signature), UNREAD, np.int32))

    def _states(self, signature: int) -> tuple[int, tuple[int, ...]]:
        """The shape of a signature's site, and what each program decided, up to the last that decided anything."""
        shapes = len(self.table.roots)
        return (signature, ()) if signature < shapes else self._decided[signature - shapes]

    def _meaning(self, signature: int) -> Hashable:
        root, states = self._states(signature)
        said = [self.table.sayings[each] for each in self.table.roots[root]]
        states += (0,) * (sum(each.programs for each in said) - len(states))
        found, at = [], 0
        for each in said:
            found.append(each.meaning(states[at : at + each.programs]))
            at += each.programs
        return tuple(found)

    def ask_about(self, item: Item) -> tuple[int, tuple[int, ...]]:
        """What is heard of one item and the records that it stands on: those of its site, and the answers of its own address."""
        answers = self._answers(item) if item.url else ()
        numbers = tuple(sorted({*self.table.records.at(item.site).tolist(), *answers})) if item.url else ()
        records = [self.seen.record(number) for number in numbers]
        said = self._read(records, item.url, item.content)
        return self.place(said.heard), tuple(sorted({*numbers, *said.terms}))

    def place(self, said: Heard) -> int:
        """The place of what was heard; equal facts share one."""
        found = self._places.setdefault(said.facts, len(self.heard))
        if found == len(self.heard):
            self.heard.append(said)
        return found

    def _records(self, site: int) -> list[Record]:
        return [self.seen.record(number) for number in self.table.records.at(site).tolist()]

    def _read(self, records: Sequence[Record], url: str | None, content: Observation | None = None) -> Said:
        return read(records, url, content, self.inquiry)

    def _answers(self, item: Item) -> Collection[int]:
        """The answers of an item's own address that count: the latest on the day of use, and the latest when it was captured."""
        numbers = self.table.answers(item.url, self.seen) if item.url else []
        dated = sorted((int(self.seen.at[number]), number) for number in numbers)
        moments = [self.day] if item.captured is None else [self.day, min(item.captured, self.day)]
        latest = (next((number for at, number in reversed(dated) if at <= moment), None) for moment in moments)
        return {number for number in latest if number is not None}


def read(records: Sequence[Record], url: str | None, content: Observation | None, inquiry: Inquiry) -> Said:
    """What an item at ``url`` (None: nowhere) is heard to say: by the records that count for its location, and by its ``content`` in hand."""
    ask = replace(inquiry.ask, url=url)
    own = [] if content is None or content.failed else signals.read(content, ask)
    stated = [*(statements(records, ask) if url else []), *own]
    terms = [(*inquiry.terms[address], kind) for address, kind in elsewhere(stated) if address in inquiry.terms]
    stated += [said for _, held, kind in terms for said in signals.read(replace(held, source=kind), ask)]
    broken = content is not None and (content.failed or any(facts.BROKEN & set(each.warnings) for each in own))
    heard = facts.heard(
        stated,
        records,
        inquiry.axis,
        asked(ask),
        file="absent" if content is None else "unreadable" if broken else "read",
        nowhere=url is None,
        statuses=[content.status] if content and content.status else [],
        places=inquiry.places,
    )
    return Said(heard, tuple(number for number, _, _ in terms))


def statements(records: Sequence[Record], ask: Ask) -> list[Signal]:
    """What ``records`` say of the address asked; nothing when none of them holds anything to read, for what failed is not read, its status speaks."""
    came = [record for record in records if not record.failed]
    if not any(record.signals or (record.location and record.location.body) for record in came):
        return []
    return [said for record in came for said in (signals.read(record.location, ask) if record.location else record.signals)]


class Locations:
    """Finds what was heard for columns of rows; lives as long as the process, so that what was found once stays found."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings
        self._forget()

    def _forget(self) -> None:
        self._book = AddressBook()
        self._sites, self._hashes = Growing(np.int32, UNSEEN), Growing(np.uint64, 0)

    @property
    def heard(self) -> list[Heard]:
        """Everything that was heard so far."""
        return self.readings.heard

    def split(self, urls: pa.Array | pa.ChunkedArray) -> Addresses:
        """The addresses of a column; once very many authorities have been met they are forgotten, so that no data set fills the memory."""
        if len(self._book.authorities) > MOST_AUTHORITIES:
            self._forget()
        return self._book.split(urls)

    def of(
        self,
        addresses: Addresses,
        captured: NDArray[np.int64] | None = None,
        contents: Mapping[int, Observation] = MappingProxyType({}),
        placed: NDArray[np.bool_] | None = None,
    ) -> Voices:
        """The voice of each row of ``split``; none for rows that have no address, save those ``placed`` elsewhere.

        ``captured`` are moments in microseconds (``NO_MOMENT`` where there is none); ``contents`` holds what is in hand for a row: its file or
        its recorded answer speaks with the location.
        """
        self._resolve(addresses)
        found = self._find(addresses.regular, captured)
        if len(addresses.odd):
            at_odd = self._find(addresses.irregular, None if captured is None else captured[addresses.odd])
            for column, values in zip(found, at_odd, strict=True):
                column[addresses.odd] = values
        heard = self._read(addresses, found)
        records = dict[int, tuple[int, ...]]()
        for row in self._single(found.signatures, contents, placed):
            url = addresses.url(row) if addresses.codes[row] >= 0 else None
            moment = None if captured is None else int(captured[row])
            item = Item(int(found.sites[row]) if url else UNSEEN, url, moment, contents.get(row))
            heard[row], records[row] = self.readings.ask_about(item)
        return Voices(heard, found, records)

    def evidence(self, voices: Voices, rows: NDArray[np.int64]) -> pa.ListArray:
        """The numbers of the records that each of ``rows`` stands on; null for what has no voice."""
        only = voices.found.records.take(rows)
        nowhere = voices.heard.take(rows) == NOWHERE
        if not voices.records and only.min(initial=0) > SEVERAL:
            offsets = np.zeros(len(rows) + 1, np.int32)
            np.cumsum(only >= 0, out=offsets[1:])
            values = only if offsets[-1] == len(rows) else only[only >= 0]
            return pa.ListArray.from_arrays(
                pa.array(offsets), pa.array(values.view(np.uint32)), mask=pa.array(nowhere) if nowhere.any() else None
            )
        stands = [voices.records.get(row) for row in rows.tolist()] if voices.records else [None] * len(rows)
        sites = voices.found.sites.take(rows).tolist()
        lists = [own if own is not None else self.readings.table.records.at(site) for own, site in zip(stands, sites, strict=True)]
        return pa.array(lists, pa.list_(pa.uint32()), mask=nowhere)

    def _single(self, found: NDArray[np.int32], contents: Mapping[int, Observation], placed: NDArray[np.bool_] | None) -> list[int]:
        """The rows about which the readers are asked one by one."""
        asked_for = found == BY_ADDRESS
        if contents:
            asked_for[list(contents)] = (found[list(contents)] != NOWHERE) | (False if placed is None else placed[list(contents)])
        if placed is not None:
            asked_for |= placed & (found == NOWHERE)
        return np.flatnonzero(asked_for).tolist()

    def _resolve(self, addresses: Addresses) -> None:
        """Find the sites of the authorities that are new."""
        first = len(self._sites)
        if len(addresses.authorities) > first:
            sites, hashes = self.readings.hosts.resolve(addresses.authorities.since(first).names)
            self._sites.add(sites)
            self._hashes.add(hashes)

    def _find(self, paths: Paths, captured: NDArray[np.int64] | None) -> Found:
        return self.readings.hosts.find(self.readings.signatures, paths, (self._sites.room, self._hashes.room), captured)

    def _read(self, addresses: Addresses, found: Found) -> NDArray[np.int32]:
        """What was heard by signature; the readers are asked about a row of each one that is new."""
        self.readings.grow()
        heard = self.readings.known(found.signatures)
        new = np.flatnonzero(heard == UNREAD)
        new = new[found.signatures[new] >= 0]
        if not len(new):
            return heard
        for signature, place in zip(*np.unique(found.signatures[new], return_index=True), strict=True):
            row = int(new[place])
            self.readings.learn(int(signature), int(found.sites[row]), addresses.url(row))
        return self.readings.known(found.signatures)
