"""Facts that the user brings as a table: opt-out lists, licence lists, grants, notices, known sources (design section 2, ``--facts``).

A row names what it is about (one of ``url`` as a prefix, ``host``, ``digest`` or ``work``), then ``fact``, ``value``, and by whom and when (``by``, ``date``).
A host speaks for itself, ``*.example.org`` for everything below it too. Where several rows speak about one item the stricter value counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sekisho.addresses import Addresses, address
from sekisho.claims import facts
from sekisho.errors import InputError, UsageError
from sekisho.law import Fact

KEYS = ("url", "host", "digest", "work")
LOOSEST_FIRST = {
    "pd": ("yes", "no"),
    "licence_covers": ("yes", "yes_attrib", "none", "no"),
    "registry_terms": ("allow", "allow_attrib", "none", "offer", "deny"),
    "optout_loc": ("no", "general", "yes"),
    "paid_dataset": ("no", "planned", "yes"),
    "crawl": ("allow", "licence", "deny"),
    "lawful_access": ("yes", "no"),
    "grant": ("yes", "no"),
    "source_infringing": ("no", "known"),
}
"""The order of a fact's values; facts not named go by ``no`` before ``yes``."""

Values = dict[str, int]
"""Fact → code."""


@dataclass
class FactTable:
    """Facts by what they are about; ``digest`` names the files it was read from, for the record of the run."""

    hosts: dict[str, Values] = field(default_factory=dict)
    below: dict[str, Values] = field(default_factory=dict)
    prefixes: dict[str, list[tuple[str, Values]]] = field(default_factory=dict)
    digests: dict[str, Values] = field(default_factory=dict)
    works: dict[str, Values] = field(default_factory=dict)

    def about(self, addresses: Addresses, digests: pa.Array | None) -> Iterator[tuple[NDArray[np.intp], Values]]:
        """Pairs of rows and the facts that hold for them; a row may come more than once."""
        for code in np.unique(addresses.codes[addresses.codes >= 0]).tolist() if self.hosts or self.below or self.prefixes else []:
            rows, authority = None, addresses.authorities[code]
            for values in self._of_host(authority):
                rows = np.flatnonzero(addresses.codes == code) if rows is None else rows
                yield rows, values
            if authority in self.prefixes:
                yield from self._by_prefix(addresses, np.flatnonzero(addresses.codes == code), authority)
        if self.digests and digests is not None:
            for row, digest in enumerate(digests.to_pylist()):
                if digest in self.digests:
                    yield np.array([row]), self.digests[digest]

    def _of_host(self, authority: str) -> Iterator[Values]:
        host = authority.partition("://")[2].rpartition(":")[0] or authority.partition("://")[2]
        if host in self.hosts:
            yield self.hosts[host]
        labels = host.split(".")
        yield from (self.below[name] for start in range(len(labels)) if (name := ".".join(labels[start:])) in self.below)

    def _by_prefix(self, addresses: Addresses, rows: NDArray[np.intp], authority: str) -> Iterator[tuple[NDArray[np.intp], Values]]:
        urls = addresses.urls.take(pa.array(rows)).to_pylist()
        for prefix, values in self.prefixes[authority]:
            hit = [row for row, url in zip(rows, urls, strict=True) if url.startswith(prefix)]
            if hit:
                yield np.array(hit), values


def stricter(name: str, one: int, other: int) -> int:
    """The stricter of two codes of fact ``name``; unknown (0) gives way to anything."""
    return max(one, other, key=lambda code: _rank(facts()[name], code))


def _rank(fact: Fact, code: int) -> int:
    order = ("unknown", *LOOSEST_FIRST.get(fact.id, ("no", "yes")))
    value = fact.values[code]
    return order.index(value) if value in order else 1


def load(paths: Iterable[Path], on: date, *, hindsight: bool) -> FactTable:
    """The facts of ``paths`` (CSV or Parquet) that were known on the day; raises InputError or UsageError naming the file and the row."""
    table = FactTable()
    for path in paths:
        for number, row in enumerate(_rows(path), 2):
            _add(table, row, f"{path}, row {number}", on, hindsight=hindsight)
    return table


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        if path.suffix == ".parquet":
            found = pq.read_table(path)
        else:
            found = pacsv.read_csv(
                path,
                convert_options=pacsv.ConvertOptions(column_types={key: pa.string() for key in (*KEYS, "fact", "value", "by", "date")}),
            )
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as a table of facts: {error}", f"{path} を事実の表として読めません：{error}") from error
    missing = [name for name in ("fact", "value") if name not in found.column_names]
    if missing or not set(KEYS) & set(found.column_names):
        raise InputError(
            f"{path}: a table of facts needs the columns fact, value and one of {', '.join(KEYS)}.",
            f"{path}：事実の表には列 fact、value と、{'、'.join(KEYS)} のいずれかが必要です。",
        )
    return iter(found.to_pylist())


def _add(table: FactTable, row: Mapping[str, Any], where: str, on: date, *, hindsight: bool) -> None:
    name, value = str(row["fact"] or "").strip(), str(row["value"] or "").strip()
    if name not in facts():
        raise UsageError(f"{where}: there is no fact {name!r}.", f"{where}：事実「{name}」はありません。")
    if not hindsight and _day(row.get("date"), where) > on:
        return
    code = facts()[name].code(value)
    key = next((key for key in KEYS if row.get(key)), None)
    if key is None:
        raise UsageError(f"{where} is about nothing: fill one of {', '.join(KEYS)}.", f"{where}：対象（{'、'.join(KEYS)}）が空です。")
    held = _place(table, key, str(row[key]).strip(), where)
    held[name] = stricter(name, held.get(name, 0), code)


def _day(value: Any, where: str) -> date:
    """The row's date; a row without one always held."""
    if not value:
        return date.min
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise UsageError(
            f"{where}: {value!r} is no date (2026-11-22).", f"{where}：{value!r} は日付ではありません（例 2026-11-22）。"
        ) from error


def _place(table: FactTable, key: str, about: str, where: str) -> Values:
    """The values held for what a row is about; made when it is new."""
    if key == "host":
        below = about.lower().removeprefix("*.").removeprefix(".").rstrip(".")
        return (table.hosts if below == about.lower().rstrip(".") else table.below).setdefault(below, {})
    if key != "url":
        return (table.digests if key == "digest" else table.works).setdefault(about, {})
    split = address(about)
    if split is None:
        raise UsageError(f"{where}: {about!r} is no http(s) URL.", f"{where}：{about!r} は http(s) の URL ではありません。")
    held = table.prefixes.setdefault(split[0], [])
    found = next((values for prefix, values in held if prefix == split[1]), None)
    if found is None:
        found = {}
        held.append((split[1], found))
    return found
