"""Splits columns of URLs into authorities and paths as the WHATWG URL standard does; pure, a column at a time.

An authority is scheme + host + port (RFC 9309 section 2.3 binds robots.txt to it), the default port left out and a trailing dot of the
host dropped. Regular spellings are found by the kernel on whole columns; whatever is odd (user info, blanks, backslashes, dot segments,
non-ASCII hosts) goes one by one through the real URL parser, so both ways give one answer: that of ``address`` and ``path_pattern.target``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import ada_url
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho.formats.path_pattern import target
from sekisho.kernels.addresses import NONE, ODD, Authorities
from sekisho.kernels.columns import Growing
from sekisho.kernels.locations import Paths

DEFAULT_PORTS = {"http": "80", "https": "443"}


@lru_cache(maxsize=65_536)
def address(url: str) -> tuple[str, str] | None:
    """The (authority, normalised URL) of ``url`` by the WHATWG parser, or None when it is no http(s) URL with a host."""
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return None
    scheme, host = parsed.protocol.rstrip(":"), parsed.hostname.rstrip(".")
    if scheme not in DEFAULT_PORTS or not host:
        return None
    port = f":{parsed.port}" if parsed.port else ""
    return f"{scheme}://{host}{port}", parsed.href


def sibling(authority: str) -> str | None:
    """The other of http and https for an authority on its default port, else None (design: it may stand in, and the evidence says so)."""
    scheme, _, host = authority.partition("://")
    if host.rpartition("]")[2].count(":"):
        return None
    return f"{'https' if scheme == 'http' else 'http'}://{host}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """A column of URLs, taken apart: ``codes`` points into ``authorities`` (-1: not an http or https URL)."""

    authorities: Authorities
    codes: NDArray[np.int32]
    column: pa.Array
    regular: Paths
    """Where the path of each row lies; the code is -1 where that is not in the column itself."""
    odd: NDArray[np.intp]
    """The rows that went through the URL parser."""
    parsed: tuple[str | None, ...]
    """What would be requested for each of them."""

    @property
    def irregular(self) -> Paths:
        """The paths of the odd rows, in their order."""
        targets = pa.array([target(url) if url else None for url in self.parsed], pa.binary())
        sizes = pc.fill_null(pc.binary_length(targets), 0).to_numpy(zero_copy_only=False).astype(np.uint32)
        nothing = np.zeros(len(self.odd), np.uint32)
        return Paths(targets, self.codes[self.odd], nothing, sizes, nothing.astype(np.uint8))

    @property
    def urls(self) -> pa.Array:
        """What would be requested for each row, as it is written where that is regular."""
        mask = np.zeros(len(self.codes), np.bool_)
        mask[self.odd] = True
        return pc.replace_with_mask(self.column, pa.array(mask), pa.array(self.parsed, self.column.type))

    def url(self, row: int) -> str:
        """What would be requested for a row that has an authority."""
        place = int(np.searchsorted(self.odd, row))
        if place < len(self.odd) and self.odd[place] == row:
            return self.parsed[place] or ""
        found = address(_text(self.column[row]) or "")
        return found[1] if found else ""


class AddressBook:
    """Splits columns one after the other; the authorities met keep their numbers."""

    def __init__(self) -> None:
        self.authorities = Authorities()
        self._proper = Growing(np.int32, NONE)
        """For each name as written the number of its proper name, none for what is no authority."""

    def split(self, urls: pa.Array | pa.ChunkedArray) -> Addresses:
        """The addresses of a column of strings, in order; nulls and what is no URL get code -1."""
        column = _strings(urls)
        found = self.authorities.split(column)
        self._learn()
        regular = self._proper.room.take(found.codes)
        odd = np.flatnonzero(found.codes == ODD)
        parsed = [address(text) if (text := _text(column[row])) is not None else None for row in odd.tolist()]
        codes = regular.copy()
        codes[odd] = [self.authorities.number(each[0]) if each else NONE for each in parsed]
        self._learn()
        paths = Paths(column, regular, found.starts, found.sizes, found.marks)
        return Addresses(self.authorities, codes, column, paths, odd, tuple(each[1] if each else None for each in parsed))

    def _learn(self) -> None:
        """Take in the names that are new; those written in another way than a URL parser would get the number of their proper name."""
        while len(self.authorities) > (first := len(self._proper)):
            fresh = self.authorities.since(first)
            odd = np.flatnonzero(fresh.plain == 0)
            proper = np.arange(first, first + len(fresh.plain), dtype=np.int32)
            for place, name in zip(odd.tolist(), fresh.names.take(pa.array(odd)).to_pylist(), strict=True):
                found = address(name)
                proper[place] = self.authorities.number(found[0]) if found else NONE
            self._proper.add(proper)


def _strings(urls: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column in one piece, as strings of either width."""
    if isinstance(urls, pa.ChunkedArray):
        urls = urls.chunk(0) if urls.num_chunks == 1 else urls.combine_chunks()
    is_text = pa.types.is_string(urls.type) or pa.types.is_large_string(urls.type)
    return urls if is_text else urls.cast(pa.large_string(), safe=False)


def _text(value: pa.Scalar) -> str | None:
    """A string of a column that may not be UTF-8 after all."""
    octets = value.as_buffer()
    return None if octets is None else octets.to_pybytes().decode("utf-8", "replace")
