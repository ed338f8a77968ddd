"""What is counted of rows beside their verdicts, case by case: the languages of their texts, and the countries they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho import origins
from sekisho.kernels.addresses import Authorities
from sekisho.kernels.columns import Growing
from sekisho.language import Measured
from sekisho.model import Verdict
from sekisho.origins import Origins

SIZES = ("items", "characters", "units")
NO_CASE = "-"
"""Stands for rows that could not be read."""
KINDS = ("language_items", "language_characters", "language_units", "origin")
"""The kinds of counts that a tally gives: ``CASE LABEL`` → number."""
Numbers = NDArray[np.int64]


class Numbered:
    """Words by number in the order in which they are met; 0 is the empty word."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def of(self, word: str) -> int:
        """The number of ``word``."""
        return self.numbers.setdefault(word, len(self.numbers))

    @property
    def words(self) -> list[str]:
        """Every word in the order of its number."""
        return list(self.numbers)


class HostCountries:
    """The country that each authority of a growing list names, as numbers of ``named``."""

    def __init__(self, named: Numbered) -> None:
        self.named = named
        self.authorities: Authorities | None = None
        self.known = Growing(np.int64, 0)

    def of(self, authorities: Authorities, codes: NDArray[np.int32]) -> Numbers:
        """The country of each row by the code of its authority; none where there is no authority."""
        if authorities is not self.authorities:
            self.authorities, self.known = authorities, Growing(np.int64, 0)
        if len(authorities) > len(self.known):
            self.known.add(self._countries(authorities.since(len(self.known)).names))
        return self.known.room.take(codes)

    def _countries(self, names: pa.Array) -> Numbers:
        """The country of each name, asked once for each distinct last part: a top-level domain, maybe with a port."""
        parts = pc.split_pattern(names.cast(pa.large_binary()), b".", max_splits=1, reverse=True)
        last = parts.flatten().take(pc.subtract(parts.offsets[1:], 1)).dictionary_encode()
        countries = [
            self.named.of(origins.of_domain(raw.decode("utf-8", "replace").partition(":")[0])) for raw in last.dictionary.to_pylist()
        ]
        return np.asarray(np.array(countries, np.int64).take(last.indices.to_numpy()))


@dataclass
class Tally:
    """The counts of a run of rows, kept by the place of their case in a casebook."""

    languages: Counter[tuple[int, str]] = field(default_factory=Counter)
    characters: Counter[tuple[int, str]] = field(default_factory=Counter)
    units: Counter[tuple[int, str]] = field(default_factory=Counter)
    origins: Counter[tuple[int, int]] = field(default_factory=Counter)
    _met: Origins = field(default_factory=Origins)
    _named: Numbered = field(default_factory=Numbered)

    def __post_init__(self) -> None:
        self._hosts = HostCountries(self._named)

    def texts(self, places: NDArray[np.int32], measured: Mapping[int, Measured]) -> None:
        """Count the texts of rows in, ``places`` being those of the rows' cases."""
        for row, one in measured.items():
            key = int(places[row]), one.language
            self.languages[key] += 1
            self.characters[key] += one.characters
            self.units[key] += one.units

    def rows(
        self,
        places: NDArray[np.int32],
        authorities: Authorities,
        codes: NDArray[np.int32],
        measured: Mapping[int, Measured],
        stated: Mapping[int, str],
    ) -> None:
        """Count where rows come from: by the code of their authority, the language of their text and the country that is ``stated`` for them."""
        by_host = self._hosts.of(authorities, codes)
        numbers = self._shown(by_host, measured, stated) if measured or stated else self._by_host().take(by_host)
        met = len(self._met.met)
        counted = np.bincount((places.astype(np.int64) + 1) * met + numbers)
        for pair in np.flatnonzero(counted).tolist():
            self.origins[pair // met - 1, pair % met] += int(counted[pair])

    def _by_host(self) -> Numbers:
        """The origin of rows that show nothing but their host, for each country that one may name."""
        return np.array([self._met.number("", "", country) for country in self._named.words], np.int64)

    def _shown(self, host: Numbers, measured: Mapping[int, Measured], stated: Mapping[int, str]) -> Numbers:
        """The origin of each row, asked once for each distinct combination of what is stated, the language's country and the host's."""
        language, told = np.zeros_like(host), np.zeros_like(host)
        language[list(measured)] = [self._named.of(origins.of_language(one.language)) for one in measured.values()]
        told[list(stated)] = [self._named.of(country) for country in stated.values()]
        words = self._named.words
        size = len(words)
        distinct, group = _distinct((told * size + language) * size + host)
        numbers = [
            self._met.number(words[pair // size // size], words[pair // size % size], words[pair % size]) for pair in distinct.tolist()
        ]
        return np.array(numbers, np.int64).take(group) if len(group) else group

    def counts(self, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """The counts by KINDS; ``names`` are those of the cases by their places."""
        called = [*names, NO_CASE]
        by_language = dict(zip(KINDS, (self.languages, self.characters, self.units), strict=False))
        found = {kind: {f"{called[place]} {word}": count for (place, word), count in each.items()} for kind, each in by_language.items()}
        labels = self._met.labels
        found["origin"] = {f"{called[place]} {labels[number]}": count for (place, number), count in self.origins.items()}
        return {kind: counted for kind, counted in found.items() if counted}


def _distinct(values: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct values, ascending, and for each row the number of its own; values are small, so nothing is sorted."""
    counted = np.bincount(values, minlength=1)
    distinct = np.flatnonzero(counted)
    number = np.zeros(len(counted), np.int64)
    number[distinct] = np.arange(len(distinct))
    return distinct, number.take(values)


LANGUAGES = pa.list_(pa.struct([("language", pa.string()), ("items", pa.int64()), ("characters", pa.int64()), ("units", pa.int64())]))
ORIGINS = pa.list_(pa.struct([("country", pa.string()), ("basis", pa.string()), ("rows", pa.int64())]))


def by_case(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Case → its languages and origins as rows of LANGUAGES and ORIGINS, from counts as ``Tally.counts`` gives them."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for label in sorted(counts.get("language_items", {})):
        case, _, language = label.partition(" ")
        sizes = {name: counts[f"language_{name}"][label] for name in SIZES}
        found.setdefault(case, {}).setdefault("languages", []).append({"language": language, **sizes})
    for label, rows in sorted(counts.get("origin", {}).items()):
        case, _, origin = label.partition(" ")
        country, _, basis = origin.partition(":")
        found.setdefault(case, {}).setdefault("origins", []).append({"country": country, "basis": basis, "rows": rows})
    return found


def by_language(told: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]], cases: pa.Table) -> dict[str, dict[str, dict[str, int]]]:
    """Language → items, characters and units → verdict → number, from the counts ``by_case``; rows that could not be read are unknown."""
    verdict = dict(zip(cases.column("case").to_pylist(), cases.column("verdict").to_pylist(), strict=True))
    found: dict[str, dict[str, dict[str, int]]] = {}
    for case, each in told.items():
        for row in each.get("languages", ()):
            sizes = found.setdefault(row["language"], {name: {} for name in SIZES})
            for name, counted in sizes.items():
                word = verdict.get(case, Verdict.UNKNOWN.value)
                counted[word] = counted.get(word, 0) + row[name]
    return dict(sorted(found.items()))
