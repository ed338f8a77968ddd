"""What is registered under the names that rows bear: their addresses, their SHA-256, their ISCC codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho import texts
from sekisho.addresses import Addresses, address
from sekisho.kernels.addresses import Authorities
from sekisho.kernels.columns import Growing

if TYPE_CHECKING:
    from sekisho.works.in_rows import Finder, Found

DIGESTS = ("sha256", "digest", "content_digest", "hash")
ISCCS = ("iscc", "iscc_code")
SHA256_HEX = re.compile("[0-9a-f]{64}")
K = TypeVar("K", str, bytes)
Rows = NDArray[np.int64]


class Names:
    """Asks a store for what it knows by name."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.nearby = Nearby(finder.authorities)

    def registered(self, table: pa.Table, addresses: Addresses) -> Iterator[tuple[Rows, dict[int, Found]]]:
        """For each kind of name the rows that bear one, and what is registered for those where something is."""
        near = self.nearby.rows(addresses)
        yield (
            np.flatnonzero(addresses.codes >= 0),
            _named(near, texts.decoded(addresses.column.take(near)), _url_forms, self.finder.at_urls),
        )
        yield _in_column(_column(table, DIGESTS), _digest_forms, self.finder.of_digests)
        yield _in_column(_column(table, ISCCS), _as_it_is, self.finder.of_isccs)


class Nearby:
    """Tells the rows that lie at an authority where some work is registered, so that nobody looks at the addresses of the others."""

    def __init__(self, registered: pa.Array | None) -> None:
        self.registered = registered
        self.authorities: Authorities | None = None
        self.known = Growing(np.bool_, 0)
        """For each authority met whether works are registered there."""

    def rows(self, addresses: Addresses) -> Rows:
        """The rows; all that have an authority where ``registered`` is None."""
        if self.registered is None:
            return np.flatnonzero(addresses.codes >= 0)
        if addresses.authorities is not self.authorities:
            self.authorities, self.known = addresses.authorities, Growing(np.bool_, 0)
        if len(self.authorities) > len(self.known):
            names = self.authorities.since(len(self.known)).names
            self.known.add(pc.is_in(names, value_set=self.registered).to_numpy(zero_copy_only=False))
        return np.flatnonzero(self.known.room.take(addresses.codes))


def _named(
    rows: Rows,
    values: Iterable[str | None],
    forms: Callable[[str], Sequence[K]],
    ask: Callable[[Iterable[K]], Mapping[K, Found]],
) -> dict[int, Found]:
    """What is registered under one of the forms of the value of each row, where there is something."""
    bearing = [(row, forms(value)) for row, value in zip(rows.tolist(), values, strict=True) if value]
    known = ask(form for _, forms_of_row in bearing for form in forms_of_row)
    return {row: known[form] for row, forms_of_row in bearing for form in forms_of_row if form in known}


def _in_column(
    column: pa.Array | None, forms: Callable[[str], Sequence[K]], ask: Callable[[Iterable[K]], Mapping[K, Found]]
) -> tuple[Rows, dict[int, Found]]:
    """The rows that have a value in a column, and what is registered under it."""
    if column is None:
        return np.zeros(0, np.int64), {}
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    return rows, _named(rows, texts.decoded(column.take(rows)), forms, ask)


def _url_forms(url: str) -> Sequence[str]:
    """A URL as it is written, and as it would be requested."""
    found = address(url)
    return (url, found[1]) if found and found[1] != url else (url,)


def _digest_forms(digest: str) -> Sequence[bytes]:
    """A SHA-256 in hexadecimal as bytes; other digests are none that a store knows."""
    text = digest.lower().removeprefix("sha256:")
    return (bytes.fromhex(text),) if SHA256_HEX.fullmatch(text) else ()


def _as_it_is(code: str) -> Sequence[str]:
    return (code,)


def _column(table: pa.Table, names: Sequence[str]) -> pa.Array | None:
    """The first of the columns of text ``names`` that the data set has."""
    lower = {name.lower(): name for name in reversed(table.column_names)}
    name = next((lower[known] for known in names if known in lower and texts.is_text_type(table.schema.field(lower[known]).type)), None)
    return table.column(name).combine_chunks() if name else None
