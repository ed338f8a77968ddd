"""Reads observations back from WARC and Parquet, and lays them out for the judgement.

A Parquet file has the columns url, at, status, headers, body (and failure); a WARC holds answers and failures. A redirect counts as what it led to.
A record that cannot be read is counted with its reason and never stops the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sekisho import signals
from sekisho.addresses import address
from sekisho.errors import InputError
from sekisho.model import Ask, Observation, Signal, Source
from sekisho.observe import archived
from sekisho.observe.redirects import followed
from sekisho.observe.sources import BODY_BYTES, LOCATION_SOURCES, source_of

LOCATION_BYTES = BODY_BYTES + 1
TERMS_SOURCES = frozenset({Source.RSL, Source.POLICY})
COLUMNS = ("url", "at", "status", "headers", "body", "failure")
WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Record:
    """One observation as the judgement needs it: what speaks for a whole authority keeps its body, an answer only what it said."""

    url: str
    source: Source
    at: datetime
    status: int | None
    digest: str
    failure: str | None
    location: Observation | None
    signals: tuple[Signal, ...]
    document: Observation | None = None
    """An answer that holds terms keeps its bytes too: others point to it."""

    @property
    def failed(self) -> bool:
        """True when it was asked for and no usable answer came (time-out, network failure, 5xx)."""
        return self.failure is not None or (self.status is not None and self.status >= 500)

    @property
    def key(self) -> tuple[str, datetime, str, int]:
        """What numbers the records, whatever the order of the files."""
        return self.url, self.at, self.digest, self.status or 0


@dataclass
class Observed:
    """Every observation, numbered in the order of (url, time, digest).

    ``locations`` leads from an authority to the numbers of what was seen at its well-known addresses, ``responses`` from an
    exact URL to the numbers of its answers; ``problems`` says which records could not be read, and why.
    """

    records: list[Record] = field(default_factory=list)
    locations: dict[str, list[int]] = field(default_factory=dict)
    responses: dict[str, list[int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def load(paths: Iterable[Path], ask: Ask = Ask(), archives: Iterable[Path] = ()) -> Observed:  # noqa: B008 - Ask is frozen
    """The observations in ``paths`` (files, or folders of them), answers read for signals on behalf of ``ask``.

    Of ``archives``, WARC files whose answers are items, only what speaks for a whole authority is taken.
    Raises InputError for a path that holds none by its name.
    """
    problems: list[str] = []
    seen = [read(file, problems) for path in paths for file in files_of(path)]
    seen += [(o for o in followed(archived.observations(file, [])) if o.source in LOCATION_SOURCES) for file in archives]
    found = {record.key: record for observations in seen for record in (record_of(o, ask) for o in observations)}
    observed = Observed([found[key] for key in sorted(found)], problems=problems)
    for number, record in enumerate(observed.records):
        split = address(record.url)
        if split is None:
            problems.append(f"{record.url[:200]}: not an http(s) address")
            continue
        shelf, key = (observed.locations, split[0]) if record.location else (observed.responses, split[1])
        shelf.setdefault(key, []).append(number)
    return observed


def record_of(observation: Observation, ask: Ask) -> Record:
    """What the judgement needs of ``observation``, an answer's signals read on behalf of ``ask``."""
    speaks_for_all = observation.source in LOCATION_SOURCES
    location = replace(observation, body=observation.body[:LOCATION_BYTES], headers=()) if speaks_for_all else None
    heard = () if speaks_for_all else tuple(signals.read(observation, replace(ask, url=observation.url)))
    document = replace(observation, body=observation.body[:LOCATION_BYTES], headers=()) if _holds_terms(observation) else None
    at = observation.at or NEVER
    return Record(
        observation.url, observation.source, at, observation.status, observation.digest, observation.failure, location, heard, document
    )


def _holds_terms(observation: Observation) -> bool:
    return observation.source in TERMS_SOURCES and observation.status == 200 and not observation.failed


def files_of(path: Path) -> list[Path]:
    """The files of observations at ``path``; raises InputError when there are none."""
    if not path.exists():
        raise InputError(f"No observations at {path}: there is no such file.", f"{path} に観測記録がありません（ファイルが存在しません）。")
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    known = [file for file in files if file.name.endswith((".parquet", *WARC_SUFFIXES))]
    if not known:
        raise InputError(
            f"{path} holds no observations: give Parquet (url, at, status, headers, body) or WARC files.",
            f"{path} に観測記録がありません。Parquet（url, at, status, headers, body）か WARC を指定してください。",
        )
    return known


def read(file: Path, problems: list[str]) -> Iterator[Observation]:
    """The observations of one file in order, redirects followed; what cannot be read ends in ``problems``."""
    return followed(_read_parquet(file, problems) if file.suffix == ".parquet" else archived.observations(file, problems))


def _read_parquet(file: Path, problems: list[str]) -> Iterator[Observation]:
    try:
        for batch in batches(file, 1024):
            yield from (of_row(row) for row in batch.to_pylist())
    except (pa.ArrowException, OSError) as error:
        problems.append(f"{file}: {error}")


def batches(file: Path, rows: int, columns: Sequence[str] = COLUMNS) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file in batches, of ``columns`` those that are there; raises InputError when there are no addresses."""
    table = pq.ParquetFile(file)
    names = table.schema_arrow.names
    if "url" not in names:
        raise InputError(
            f"{file} has no column `url`: observations need url, at, status, headers, body.",
            f"{file} に列 `url` がありません。観測記録には url, at, status, headers, body が必要です。",
        )
    yield from table.iter_batches(rows, columns=[name for name in columns if name in names])


def of_row(row: dict[str, Any]) -> Observation:
    """One row of a Parquet file of observations."""
    url = str(row.get("url") or "")
    body = row.get("body") or b""
    body = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    headers = _headers(row.get("headers"))
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    status = row.get("status")
    failure = row.get("failure") or (None if status is not None else "no status recorded")
    source = source_of(url, content_type, body)
    return Observation(
        url, source, body[: archived.BODY_BYTES], headers, None if status is None else int(status), _time(row.get("at")), failure
    )


def _headers(value: Any) -> tuple[tuple[str, str], ...]:
    """Headers in any of the shapes people store: pairs, a map, a struct list, JSON text, or raw header lines."""
    if not value:
        return ()
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        if not value.lstrip().startswith(("{", "[")):
            return tuple(_pair(line.partition(":")[::2]) for line in value.splitlines() if ":" in line)
        try:
            value = json.loads(value)
        except ValueError:
            return ()
    if isinstance(value, dict):
        return tuple(_pair((name, each)) for name, v in value.items() for each in (v if isinstance(v, list) else [v]))
    return tuple(_pair(tuple(item.values()) if isinstance(item, dict) else item) for item in value)


def _pair(pair: Iterable[Any]) -> tuple[str, str]:
    name, value = (*pair, "", "")[:2]
    return str(name).strip(), str(value if value is not None else "").strip()


def _time(value: Any) -> datetime | None:
    """The moment in UTC; None when it is missing or cannot be read."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
