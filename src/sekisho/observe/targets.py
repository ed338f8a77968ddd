"""What a person names to be observed, hosts, web addresses, lists, data sets, as sites: one for each authority."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from sekisho import datasets
from sekisho.addresses import AddressBook, address
from sekisho.errors import InputError, UsageError
from sekisho.observe.visits import Site

HOST = re.compile(r"[.:]|^localhost$")
"""A word without any of these is more likely a file that is not there."""


def sites(words: Iterable[str]) -> list[Site]:
    """The sites that ``words`` name, each once: ``example.org``, ``https://example.org/a.png``, ``@list.txt``, or the path of a data set.

    Raises UsageError for a word that is none of these, InputError for a file that cannot be read.
    """
    wanted: dict[str, dict[str, None]] = {}
    spare: dict[str, str] = {}
    for word in words:
        for authority, url, instead in _named(word):
            wanted.setdefault(authority, {}).update(dict.fromkeys([url] if url else []))
            spare |= {authority: instead} if instead else {}
    return [Site(authority, tuple(urls), instead=spare.get(authority, "")) for authority, urls in wanted.items()]


def _named(word: str) -> Iterator[tuple[str, str, str]]:
    """Each (authority, address to look at besides or empty, authority to turn to instead or empty) that a word stands for."""
    if word.startswith("@"):
        for line in _lines(Path(word[1:])):
            yield from _named(line)
    elif "://" in word:
        yield _address(word)
    elif Path(word).exists():
        yield from ((authority, "", "") for authority in authorities(Path(word)))
    elif datasets.format_of(Path(word)) or not (HOST.search(word)):
        raise _unknown(word)
    else:
        authority, url, _ = _address(f"https://{word}")
        yield authority, url, authority.replace("https://", "http://", 1)


def _address(url: str) -> tuple[str, str, str]:
    found = address(url)
    if found is None:
        raise _unknown(url)
    authority, href = found
    return authority, "" if href.rstrip("/") == authority else href, ""


def _unknown(word: str) -> UsageError:
    return UsageError(
        f"{word!r} is no web address, and no file lies there. Give hosts, addresses, @lists or data sets.",
        f"{word!r} はウェブのアドレスではなく、ファイルもありません。ホスト名、URL、@リスト、データセットを指定してください。",
    )


def _lines(path: Path) -> list[str]:
    """The lines of a list, without comments."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The list {path} cannot be read: {error}", f"リスト {path} を読めません：{error}") from error
    return [line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line and not line.startswith("@")]


def authorities(path: Path) -> list[str]:
    """Each authority that the rows of the data set ``path`` are at, once; raises InputError when it is none."""
    book = AddressBook()
    found: dict[int, None] = {}
    for file in _files(path):
        for column in _columns(file):
            codes = book.split(column).codes
            found |= dict.fromkeys(np.unique(codes[codes >= 0]).tolist())
    return [book.authorities[code] for code in found]


def _files(path: Path) -> list[Path]:
    """The files of a data set: the file itself, what it points to, or all in a folder that are in a known format."""
    found = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    known = [file for file in found if datasets.format_of(file)]
    if not known:
        raise InputError(
            f"{path} is no data set that Sekisho reads ({', '.join(datasets.formats())}), judging by its name.",
            f"{path} は読み取れる形式（{', '.join(datasets.formats())}）のデータではないようです。",
        )
    return known


def _columns(path: Path) -> Iterator[pa.ChunkedArray]:
    """The columns of addresses in a file, batch by batch."""
    part = datasets.formats()[datasets.format_of(path) or ""]
    if isinstance(part, datasets.Pointer):
        for file in part.points_to(path):
            yield from _columns(file)
        return
    column = datasets.url_column(part.schema(path))
    for piece in part.pieces(path):
        for batch in part.read(path, piece):
            yield datasets.column(batch.table, column)
