"""Small text files as servers really send them: cut to a limit, in some encoding, or not text at all."""

from __future__ import annotations

from typing import NamedTuple

BOM = b"\xef\xbb\xbf"
WIDE_BOMS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SNIFFED = 512


class Served(NamedTuple):
    """UTF-8 (or unknown one-octet) text and what was wrong with it: ``truncated``, ``encoding``, ``wrong-type``, ``unreadable``."""

    octets: bytes
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The octets decoded as UTF-8, or as Latin-1 where that fails, so that every octet stays one character."""
        try:
            return self.octets.decode()
        except UnicodeDecodeError:
            return self.octets.decode("latin-1")


def served(body: bytes, limit: int) -> Served:
    """At most the first ``limit`` octets of ``body`` up to the last whole line, without byte order mark; UTF-16 and UTF-32 become UTF-8.

    ``wrong-type`` is an HTML page where text was asked for (a soft 404), ``unreadable`` anything binary; neither empties the octets.
    """
    octets, wide = _narrow(body[:limit])
    warnings = ["truncated"] if len(body) > limit else []
    if warnings:
        octets = octets[: 1 + max(octets.rfind(b"\n"), octets.rfind(b"\r"))]
    if wide or not _is_utf8(octets):
        warnings.append("encoding")
    if is_html(octets):
        warnings.append("wrong-type")
    elif b"\0" in octets[:SNIFFED]:
        warnings.append("unreadable")
    return Served(octets, tuple(warnings))


def is_html(body: bytes) -> bool:
    """Whether ``body`` opens as an HTML page, whatever its media type says."""
    start = body[: 4 * SNIFFED].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def _narrow(body: bytes) -> tuple[bytes, bool]:
    """``body`` as octets of a one-octet or UTF-8 text, and whether it was wider."""
    encoding = _wide_encoding(body)
    if encoding:
        return body.decode(encoding, "replace").removeprefix("\ufeff").encode("utf-8", "replace"), True
    return _without_bom(body), False


def _wide_encoding(body: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark, or UTF-16 without one when every second octet of the start is zero."""
    named = next((name for mark, name in WIDE_BOMS.items() if body.startswith(mark)), None)
    even, odd = body[:SNIFFED:2], body[1:SNIFFED:2]
    if named or len(odd) < 4:
        return named
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if all(odd) and not any(even) else None


def _without_bom(body: bytes) -> bytes:
    """``body`` without its UTF-8 byte order mark; a mark cut short goes too, as Google's parser has it."""
    return next((body[size:] for size in (3, 2, 1) if body.startswith(BOM[:size])), body)


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True
