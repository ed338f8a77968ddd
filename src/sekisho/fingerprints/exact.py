"""The same file, or the same pixels in another file: equality of digests, found by binary search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints.content import Content
from sekisho.fingerprints.picture import Picture
from sekisho.fingerprints.values import Closeness, Fingerprint, FingerprintSpec, Hit, Likeness, Row, Unfit
from sekisho.model import Text

SPEC = FingerprintSpec(
    name="exact-1",
    title=Text("Exact copy", "完全一致"),
    status="own",
    address="",
    checked=date(2026, 11, 22),
    finds=Text(
        "the same bytes (SHA-256), or the same gray pixels after the EXIF turn in another file (BLAKE3)",
        "同一のバイト列（SHA-256）、または EXIF の向きに従って回転した後のグレー画素が同一の別ファイル（BLAKE3）",
    ),
    blind_to=Text("any change of a single pixel", "一画素でも変われば見つかりません"),
    exported_reveals=Text("nothing but whether a file at hand is the same", "手元のファイルが同一かどうか以外は何も分かりません"),
)
MEDIA = frozenset({"image"})

SAME = Likeness(Closeness.VERBATIM, 1.0)
LENGTH = 32
KEY = np.dtype([("head", ">u8"), ("tail", ">u8"), ("file", "<u4")])
"""The first 16 bytes of a digest and the file it is of: equality of 128 bits."""


def of(content: Content) -> Fingerprint | Unfit:
    """The digest of the bytes, and of the pixels where they can be read."""
    picture = content.picture
    return Fingerprint(content.digest + (picture.digest if isinstance(picture, Picture) else b""))


def compare(item: Fingerprint, work: Fingerprint) -> Likeness | None:
    """The same when one of the digests is."""
    return SAME if set(digests(item)) & set(digests(work)) else None


def digests(one: Fingerprint) -> list[bytes]:
    """The digests in a fingerprint: of the bytes, and of the pixels where there is one."""
    return [one.exported[start : start + LENGTH] for start in range(0, len(one.exported), LENGTH)]


def build(rows: Iterable[Row], target: Path) -> None:
    """One sorted table of all digests."""
    keys = bytearray()
    for row in rows:
        for digest in digests(row.fingerprint):
            keys += digest[:16] + row.file.to_bytes(4, "little")
    np.save(target / "digests.npy", np.sort(np.frombuffer(keys, KEY), order=("head", "tail", "file")))


def heads(digest: bytes) -> tuple[int, int]:
    """The first 16 bytes of ``digest`` as two numbers."""
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:16])


class Digests:
    """A sorted table of digests, memory-mapped."""

    def __init__(self, table: npt.NDArray[np.void]) -> None:
        self.table = table

    def search(self, wanted: Fingerprint) -> list[Hit]:
        """The files that hold the same bytes or pixels."""
        return [Hit(file, SAME) for file in sorted({file for digest in digests(wanted) for file in self.files(digest)})]

    def files(self, digest: bytes) -> list[int]:
        """The files with this digest."""
        head, tail = heads(digest)
        first, last = (int(np.searchsorted(self.table["head"], np.uint64(head), side)) for side in ("left", "right"))
        return [int(row["file"]) for row in self.table[first:last] if row["tail"] == tail]


def load(target: Path) -> Digests:
    """The table that ``build`` wrote."""
    return Digests(np.load(target / "digests.npy", mmap_mode="r"))
