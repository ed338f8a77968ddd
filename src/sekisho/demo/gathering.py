"""Makes the demo's inputs out of the downloaded packages: six small data sets in three formats, and the observations beside them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sekisho.addresses import address, sibling
from sekisho.demo import rows, seen
from sekisho.demo.rows import Row
from sekisho.demo.seen import Seen

EVERY = 40
"""Of the rows about which nobody asked anything, one in so many is taken: enough to show what then happens."""
INPUTS: Mapping[str, tuple[tuple[str, ...], Callable[[Path], Iterator[Row]]]] = {
    "videos.parquet": (("yt-dlp",), rows.videos),
    "pictures.csv": (("gallery-dl",), rows.pictures),
    "links.jsonl": (("pymediawiki",), rows.links),
    "references.jsonl": (("mpmath", "networkx"), rows.references),
    "news.jsonl": (("newspaper4k",), rows.news),
    "sites.csv": (("geo-check",), rows.sites),
}
OBSERVED = pa.schema(
    [("url", pa.string()), ("at", pa.timestamp("s", "UTC")), ("status", pa.int32()), ("body", pa.binary()), ("failure", pa.string())]
)


@dataclass(frozen=True)
class Gathered:
    """What was laid out: the two folders, by file the rows taken and the rows there were, by file the observations."""

    input: Path
    observed: Path
    taken: Mapping[str, int]
    there: Mapping[str, int]
    observations: Mapping[str, int]


def gather(packages: Mapping[str, Path], folder: Path) -> Gathered:
    """Lay the data sets into ``folder/input`` and the observations into ``folder/observed``; the same packages give the same files."""
    given, observed = folder / "input", folder / "observed"
    for made in (given, observed):
        made.mkdir(parents=True, exist_ok=True)
    found = _observations(packages)
    answered = answers_in_hand(chain.from_iterable(found.values()))
    listed = {name: _listed(read, [packages[each] for each in named]) for name, (named, read) in INPUTS.items()}
    chosen = {name: choose(each, answered) for name, each in listed.items()}
    wanted = _authorities(row["url"] or "" for each in chosen.values() for row in each)
    about = {name: [record for record in each if _authorities([record.url]) & wanted] for name, each in found.items()}
    for name, each in chosen.items():
        _write_rows(given / name, each)
    for name, records in about.items():
        _write_observations(observed / name, records)
    sizes = [{name: len(each) for name, each in table.items()} for table in (chosen, listed, about)]
    return Gathered(given, observed, *sizes)


def answers_in_hand(found: Iterable[Seen]) -> set[str]:
    """The authorities whose robots.txt was answered for, in both schemes, and the pages that were answered with; what cannot be read is no answer."""
    usable = [each.url for each in found if each.failure is None]
    pages = {split[1] for url in usable if (split := address(url))}
    return pages | _authorities(url for url in usable if url.endswith("/robots.txt"))


def choose(listed: Iterable[Row], answered: set[str]) -> list[Row]:
    """The rows whose site or page is ``answered``, those on Japanese hosts, what is no address, and one in ``EVERY`` of the others, in their order."""
    chosen, others = list[Row](), 0
    for row in listed:
        split = address(row["url"] or "")
        if split is None or not answered.isdisjoint(split) or split[0].endswith(".jp"):
            chosen.append(row)
            continue
        if others % EVERY == 0:
            chosen.append(row)
        others += 1
    return chosen


def _observations(packages: Mapping[str, Path]) -> dict[str, list[Seen]]:
    robots = list(seen.robots(packages["protego"]))
    return {
        "robots.parquet": robots,
        "answers.parquet": list(seen.answers(packages["geo-check"], seen.by_digest(robots))),
        "pages.parquet": list(seen.pages(packages["newspaper4k"])),
    }


def _listed(read: Callable[[Path], Iterator[Row]], packages: Iterable[Path]) -> list[Row]:
    """The rows of ``packages``, each address once."""
    return list({row["url"]: row for package in packages for row in read(package)}.values())


def _authorities(urls: Iterable[str]) -> set[str]:
    """The authorities of ``urls``, each in both schemes."""
    found = {split[0] for url in urls if (split := address(url))}
    return found | {other for authority in found if (other := sibling(authority))}


def _write_rows(path: Path, chosen: list[Row]) -> None:
    names = list(chosen[0])
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(chosen, pa.schema([(name, pa.string()) for name in names])), path)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        if path.suffix == ".csv":
            table = csv.DictWriter(stream, names)
            table.writeheader()
            table.writerows(chosen)
        else:
            stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)


def _write_observations(path: Path, found: Iterable[Seen]) -> None:
    pq.write_table(pa.Table.from_pylist([each._asdict() for each in found], OBSERVED), path, compression="zstd")
