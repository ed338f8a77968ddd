"""ID3v2: the frames before (or inside) a sound file (ID3v2.3 and 2.4, section 3). XMP in ``PRIV``, C2PA in ``GEOB``, RSL in text frames."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.formats.carried import C2PA_STORE, LIMIT_BLOCKS, Carried, Fault, Find, Kind, licences

ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets, RSL documents and C2PA store of the ID3 tag that ``body`` begins with; nothing when there is none."""
    if body[:3] != b"ID3":
        return
    end = 10 + _synchsafe(body[6:10])
    if end > len(body) or len(body) < 10:
        yield Fault("truncated", "ID3")
    at, major = 10, body[3:4]
    for _ in range(LIMIT_BLOCKS):
        name, size = body[at : at + 4], body[at + 4 : at + 8]
        if at + 10 > min(end, len(body)) or not name.isalnum():
            return
        length = _synchsafe(size) if major == b"\x04" else int.from_bytes(size, "big")
        yield from _frame(name, body[at + 10 : at + 10 + length], f"ID3, byte {at}, {name.decode('latin-1')}")
        at += 10 + length
    yield Fault("oversize", "ID3")


def _synchsafe(four: bytes) -> int:
    """A size of which each byte gives seven bits."""
    total = 0
    for byte in four:
        total = total << 7 | byte & 0x7F
    return total


def _frame(name: bytes, data: bytes, where: str) -> Iterator[Find]:
    if name == b"PRIV" and data.startswith(b"XMP\x00"):
        yield Carried(Kind.XMP, where, data[4:])
    elif name == b"GEOB" and C2PA_STORE in data:
        yield Carried(Kind.C2PA, where, data)
    else:
        text = data[1:].decode(ENCODINGS.get(data[0], "latin-1"), "replace").encode() if data else b""
        yield from licences(text, where)
