"""Sites: for each authority the observations that count on a day, laid out for the kernel; whole columns at a time.

For each well-known address the latest observation not after the day counts, and for an item captured earlier also the one that was the latest
then (``sekisho.locations`` says why). An authority on its default port without an observation of its own stands under the other scheme's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho.kernels.addresses import Authorities
from sekisho.kernels.locations import ANSWERS, DATED, NO_RECORD, SEVERAL, SITE, UNCOMPILED
from sekisho.kernels.table import NOT_COMPILED

Numbers = NDArray[np.int64]


class Observations(NamedTuple):
    """What was observed at well-known addresses: of which authority and path, when (microseconds), and the number of the record."""

    codes: Numbers
    paths: Numbers
    at: Numbers
    records: Numbers


class Lists(NamedTuple):
    """Lists of numbers, one after the other."""

    starts: Numbers
    values: Numbers

    def at(self, place: int) -> Numbers:
        """One of the lists."""
        return self.values[self.starts[place] : self.starts[place + 1]]


class Standing(NamedTuple):
    """The records that count, site by site: 0 for what was never seen, then one for each of ``codes``, then those for earlier captures."""

    codes: Numbers
    records: Lists
    dates: Lists
    """For each site the moments from which on another later site holds."""
    later: Numbers
    """For each site the first of those sites."""


def standing(seen: Observations, authorities: Authorities, answered: Numbers) -> Standing:
    """The sites of ``seen``, and of the authorities ``answered``, of which single addresses were observed."""
    groups = _groups(seen)
    entries = _entries(groups, authorities)
    codes = np.union1d(entries.codes, answered)
    place = np.searchsorted(codes, entries.codes) + 1
    order = np.lexsort((groups.latest[entries.groups], place))
    now = _listed(place[order], groups.latest[entries.groups][order], len(codes) + 1)
    changing = np.unique(place[groups.sizes[entries.groups] > 1])
    bounds = zip(changing, np.searchsorted(place, changing), np.searchsorted(place, changing, side="right"), strict=True)
    dated = [(int(site), _history(groups, entries.groups[start:stop])) for site, start, stop in bounds]
    return _with_history(codes, now, dated)


class _Groups(NamedTuple):
    """Observations of one address in time: authority, path, the latest record, and where the others lie in ``order``."""

    codes: Numbers
    paths: Numbers
    latest: Numbers
    starts: Numbers
    sizes: Numbers
    at: Numbers
    records: Numbers


class _Entries(NamedTuple):
    """For each authority and path the group that speaks."""

    codes: Numbers
    groups: Numbers


def _groups(seen: Observations) -> _Groups:
    order = np.lexsort((seen.records, seen.at, seen.paths, seen.codes))
    codes, paths, at, records = (column[order] for column in seen)
    first = np.flatnonzero(np.concatenate([[True], (codes[1:] != codes[:-1]) | (paths[1:] != paths[:-1])])[: len(codes)])
    ends = np.append(first[1:], len(codes)).astype(np.int64)[: len(first)]
    return _Groups(codes[first], paths[first], records[ends - 1], first, ends - first, at, records)


def _entries(groups: _Groups, authorities: Authorities) -> _Entries:
    """The groups under their own authority, and under the other scheme's where that has none of its own."""
    siblings = siblings_of(authorities)[groups.codes]
    has = np.flatnonzero(siblings >= 0)
    codes = np.concatenate([groups.codes, siblings[has]])
    paths = np.concatenate([groups.paths, groups.paths[has]])
    number = np.concatenate([np.arange(len(groups.codes)), has])
    borrowed = np.arange(len(codes)) >= len(groups.codes)
    order = np.lexsort((borrowed, paths, codes))
    codes, paths, number = codes[order], paths[order], number[order]
    first = np.flatnonzero(np.concatenate([[True], (codes[1:] != codes[:-1]) | (paths[1:] != paths[:-1])])[: len(codes)])
    return _Entries(codes[first], number[first])


def siblings_of(authorities: Authorities) -> Numbers:
    """For each authority the number of the one that a default port has under the other scheme (added when it is new), -1 for other ports."""
    names = authorities.since(0).names
    default = pc.invert(pc.match_substring_regex(names, r":[0-9]+$")).to_numpy(zero_copy_only=False)
    secure = pc.starts_with(names, "https://").to_numpy(zero_copy_only=False)
    bare = pc.replace_substring_regex(names, "^https?", "")
    schemes = pa.array(["https", "http"], pa.large_string()).take(pa.array(secure.astype(np.int8)))
    other = pc.binary_join_element_wise(schemes, bare, pa.scalar("", pa.large_string())).filter(pa.array(default))
    found = np.full(len(names), -1, np.int64)
    codes = authorities.split(other).codes
    odd = np.flatnonzero(codes < 0)
    codes[odd] = [authorities.number(name) for name in other.take(pa.array(odd)).to_pylist()]
    found[default] = codes
    return found


def _listed(place: Numbers, values: Numbers, count: int) -> Lists:
    """``values`` as lists by their ``place``, which ascends."""
    return Lists(np.concatenate([[0], np.cumsum(np.bincount(place, minlength=count))]).astype(np.int64), values)


class _History(NamedTuple):
    dates: Numbers
    records: list[Numbers]
    """The records that held before the first date, from each date on."""


def _history(groups: _Groups, chosen: Numbers) -> _History:
    """What held at a site from when on, as far as an address of it was observed more than once."""
    moments = [groups.at[groups.starts[g] : groups.starts[g] + groups.sizes[g]] for g in chosen]
    dates = np.unique(np.concatenate([moment for moment in moments if len(moment) > 1]))
    held = []
    for date in (None, *dates):
        then = {int(groups.latest[g]) for g in chosen}
        for g, moment in zip(chosen, moments, strict=True):
            passed = 0 if date is None else int(np.searchsorted(moment, date, side="right"))
            then |= {int(groups.records[groups.starts[g] + passed - 1])} if passed else set()
        held.append(np.array(sorted(then), np.int64))
    return _History(dates, held)


def _with_history(codes: Numbers, now: Lists, dated: list[tuple[int, _History]]) -> Standing:
    at = len(codes) + 1
    total = at + sum(len(history.records) for _, history in dated)
    sizes, date_counts, later = np.zeros(total, np.int64), np.zeros(total, np.int64), np.zeros(total, np.int64)
    sizes[:at] = np.diff(now.starts)
    lists, dates = [now.values], list[Numbers]()
    for site, history in dated:
        later[site], date_counts[site] = at, len(history.dates)
        dates.append(history.dates)
        sizes[at : at + len(history.records)] = [len(records) for records in history.records]
        lists += history.records
        at += len(history.records)
    return Standing(codes, _lists(sizes, lists), _lists(date_counts, dates), later)


def _lists(sizes: Numbers, parts: list[Numbers]) -> Lists:
    return Lists(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), np.concatenate([np.zeros(0, np.int64), *parts]))


class Files(NamedTuple):
    """By record what kind of thing it says and its file (-1 for none), and the programs of each file."""

    kinds: Numbers
    files: Numbers
    programs: Lists


class Layout(NamedTuple):
    """Sites for the kernel, the lists of programs they point into, and for each root what its records say."""

    sites: NDArray[np.void]
    listed: NDArray[np.uint32]
    roots: list[tuple[int, ...]]


def laid_out(held: Standing, said: Files, answered: Numbers) -> Layout:
    """The sites of ``held``, of which single addresses were observed at the authorities ``answered``."""
    sites = np.zeros(len(held.records.starts) - 1, SITE)
    sites["shape"], roots = _roots(held.records, said.kinds)
    sites["dates"], sites["date_count"], sites["later"] = held.dates.starts[:-1], np.diff(held.dates.starts), held.later
    owner = np.repeat(np.arange(len(sites)), np.diff(held.records.starts))
    sites["flags"] = _flags(held, owner[said.files[held.records.values] == NOT_COMPILED], answered)
    sites["record"] = _only(held.records)
    listed = _programs(sites, owner, said.files[held.records.values], said.programs)
    return Layout(sites, listed, roots)


def _flags(held: Standing, uncompiled: Numbers, answered: Numbers) -> Numbers:
    """What the kernel has to know of each site before it looks at paths; the sites of earlier captures are those of the same authority."""
    dated = np.diff(held.dates.starts) > 0
    flags = np.where(dated, DATED, 0)
    places = 1 + np.flatnonzero(np.isin(held.codes, answered))
    flags[places] |= ANSWERS
    for place in places[dated[places]].tolist():
        flags[held.later[place] : held.later[place] + held.dates.starts[place + 1] - held.dates.starts[place] + 1] |= ANSWERS
    flags[np.unique(uncompiled)] |= UNCOMPILED
    return flags


def _only(records: Lists) -> NDArray[np.int32]:
    """The record of each site that stands on one."""
    sizes = np.diff(records.starts)
    found = np.where(sizes == 0, NO_RECORD, SEVERAL).astype(np.int32)
    found[sizes == 1] = records.values[records.starts[:-1][sizes == 1]]
    return found


def _roots(records: Lists, said: Numbers) -> tuple[Numbers, list[tuple[int, ...]]]:
    """A number for each site, equal where its records say the same in order, and for each number what they say."""
    sizes = np.diff(records.starts)
    root, base = np.zeros(len(sizes), np.int64), int(said.max(initial=0)) + 1
    known: list[tuple[int, ...]] = [()]
    for position in range(int(sizes.max(initial=0))):
        has = np.flatnonzero(sizes > position)
        pairs = root[has] * base + said[records.values[records.starts[has] + position]]
        found, root[has] = _numbered(pairs, len(known))
        known += [(*known[int(pair) // base], int(pair) % base) for pair in found]
    return root, known


def _numbered(values: Numbers, first: int) -> tuple[Numbers, Numbers]:
    """The distinct values, and for each value its number counted from ``first``."""
    found, inverse = np.unique(values, return_inverse=True)
    return found, inverse + first


def _programs(sites: NDArray[Any], owner: Numbers, files: Numbers, programs: Lists) -> NDArray[np.uint32]:
    """Point each site to the programs of its files: in place where one file has all of them, else to a list of its own."""
    counts = np.diff(programs.starts)
    having = np.flatnonzero((files >= 0) & (counts[np.maximum(files, 0)] > 0)) if len(counts) else np.zeros(0, np.int64)
    of_site = np.bincount(owner[having], minlength=len(sites))
    alone = having[of_site[owner[having]] == 1]
    sites["programs"][owner[alone]], sites["count"][owner[alone]] = programs.starts[files[alone]], counts[files[alone]]
    own = list(_own_lists(owner, files, having[of_site[owner[having]] > 1], programs))
    at = len(programs.values)
    for site, listed in own:
        sites[site]["programs"], sites[site]["count"] = at, len(listed)
        at += len(listed)
    return np.concatenate([programs.values, *(listed for _, listed in own)]).astype(np.uint32)


def _own_lists(owner: Numbers, files: Numbers, having: Numbers, programs: Lists) -> Iterator[tuple[int, Numbers]]:
    for chosen in np.split(having, np.flatnonzero(np.diff(owner[having])) + 1):
        if len(chosen):
            yield int(owner[chosen[0]]), np.concatenate([programs.at(int(file)) for file in files[chosen]])
