"""Splits columns of URLs into authorities and addresses as the WHATWG URL standard does; pure, a column at a time.

An authority is scheme + host + port (RFC 9309 section 2.3 binds robots.txt to it), the default port left out and a trailing dot of the
host dropped. Regular spellings are handled on whole columns; whatever is odd (user info, blanks, backslashes, dot segments, non-ASCII
hosts) goes one by one through the real URL parser, so both ways give one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import ada_url
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

REGULAR = r"^https?://[A-Za-z0-9.\-]+(:[0-9]+)?([/?#][^\\\x00-\x20]*)?$"
DOT_SEGMENTS = r"(?i)/(\.|%2e){1,2}([/?#]|$)"
AUTHORITY = r"^(?P<authority>https?://[A-Za-z0-9.\-:]+)"
DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Addresses:
    """A column of URLs, taken apart: ``codes`` points into ``authorities`` (-1: not an http or https URL); ``urls`` is what would be requested."""

    authorities: tuple[str, ...]
    codes: NDArray[np.int32]
    urls: pa.Array


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


def split(urls: pa.Array | pa.ChunkedArray) -> Addresses:
    """The addresses of a string column, in order; nulls and what is no URL get code -1."""
    column = (urls.combine_chunks() if isinstance(urls, pa.ChunkedArray) else urls).cast(pa.large_string())
    regular = pc.and_(pc.match_substring_regex(column, REGULAR), pc.invert(pc.match_substring_regex(column, DOT_SEGMENTS)))
    raw = pc.struct_field(pc.extract_regex(column, AUTHORITY), "authority")
    encoded = pc.if_else(regular, raw, None).dictionary_encode()
    names: dict[str, int] = {}
    of_raw = np.array([_code(address(name.as_py()), names) for name in encoded.dictionary] or [-1], dtype=np.int32)
    raw_codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    codes = np.where(raw_codes >= 0, of_raw[raw_codes], -1).astype(np.int32)
    odd = np.flatnonzero(raw_codes < 0)
    return _with_odd(column, codes, odd, names)


def _with_odd(column: pa.Array, codes: NDArray[np.int32], odd: NDArray[np.intp], names: dict[str, int]) -> Addresses:
    """The addresses once the rows at ``odd`` have gone through the URL parser one by one."""
    parsed = [address(url) if url is not None else None for url in column.take(pa.array(odd)).to_pylist()]
    codes[odd] = [_code(found, names) for found in parsed]
    if len(odd):
        mask = np.zeros(len(column), dtype=bool)
        mask[odd] = True
        column = pc.replace_with_mask(column, pa.array(mask), pa.array([found and found[1] for found in parsed], pa.large_string()))
    return Addresses(tuple(names), codes, column)


def _code(found: tuple[str, str] | None, names: dict[str, int]) -> int:
    """The number of an authority among ``names``, which grows; -1 for none."""
    return names.setdefault(found[0], len(names)) if found else -1
