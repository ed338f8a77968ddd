"""PNG: chunks with length, name and checksum (PNG third edition, 5.3). XMP and RSL lie in text chunks (11.3.3), C2PA in ``caBX``."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from sekisho.formats.carried import LIMIT_BLOCKS, LIMIT_BYTES, Carried, Fault, Find, Kind, licences, loose

KEYWORD = b"XML:com.adobe.xmp"
PROFILE = re.compile(rb"Raw profile type (?:(xmp)|APP1|app1)")  # how ImageMagick keeps XMP, and sometimes Exif: hexadecimal in a text chunk
HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
PICTURE = {b"IDAT", b"fdAT"}
TEXTS = {b"iTXt", b"zTXt", b"tEXt"}


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets, RSL documents and C2PA store of a PNG."""
    at, total = 8, len(body)
    for _ in range(LIMIT_BLOCKS):
        if at + 8 > total:
            yield Fault("truncated", f"PNG, byte {total}")
            return
        end = at + 8 + int.from_bytes(body[at : at + 4], "big")
        name = body[at + 4 : at + 8]
        if name not in PICTURE:
            yield from _chunk(body, name, at + 8, min(end, total))
        if name == b"IEND":
            return
        at = end + 4
    yield Fault("oversize", "PNG")


def _chunk(body: bytes, name: bytes, start: int, end: int) -> Iterator[Find]:
    where = f"PNG, byte {start - 8}, {name.decode('latin-1')}"
    if name == b"caBX":
        yield Carried(Kind.C2PA, where, body[start:end])
    elif name in TEXTS:
        sound = zlib.crc32(body[start - 4 : end]) == int.from_bytes(body[end : end + 4], "big")
        yield from _text(name, body[start:end], where, sound)
    else:
        yield from loose(body, start, end, where)


def _text(name: bytes, data: bytes, where: str, sound: bool) -> Iterator[Find]:
    keyword, _, rest = data.partition(b"\x00")
    text = _content(name, rest)
    if text is None:
        yield Fault("malformed", where)
    elif len(text) > LIMIT_BYTES:
        yield Fault("oversize", where)
    elif keyword == KEYWORD:
        yield Carried(Kind.XMP, f"{where} {keyword.decode()}", text, sound)
    elif profile := PROFILE.fullmatch(keyword):
        yield from _profile(text, where, sound, is_xmp=bool(profile[1]))
    else:
        yield from licences(text, where)
        yield from loose(text, 0, len(text), where)


def _content(name: bytes, rest: bytes) -> bytes | None:
    """The text of a chunk after its keyword, at most one byte over the limit; None when it cannot be unpacked."""
    if name == b"tEXt":
        return rest
    if name == b"zTXt":
        return _unpacked(rest[1:])
    text = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]  # after language and translated keyword
    return _unpacked(text) if rest[:1] == b"\x01" else text


def _unpacked(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, LIMIT_BYTES + 1)
    except zlib.error:
        return None


def _profile(text: bytes, where: str, sound: bool, *, is_xmp: bool) -> Iterator[Find]:
    digits = b"".join(text.split()[2:])  # after the profile's name and its length
    try:
        data = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        yield Fault("malformed", where)
        return
    if is_xmp or data.startswith(HEADER):
        yield Carried(Kind.XMP, where, data.removeprefix(HEADER), sound)
