"""In which encoding a text file is, told from its bytes: marks and escapes first, then UTF-8, then the Japanese encodings and UTF-16 without a mark."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FIRST_OF_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")
NARROW = ("utf-8", "cp932", "euc_jis_2004", "cp1252")
ESCAPES = (b"\x1b$@", b"\x1b$B", b"\x1b$(")
"""What switches ISO-2022-JP to kanji; its bytes are all ASCII, so it would pass for UTF-8 and say nothing."""
SAMPLE = 1 << 16
UNLIKELY = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]|[\uff61-\uff9f]")
"""What wrong guesses bring up: replaced bytes, controls, private characters, stray half-width katakana."""
READABLE = re.compile(r"[\s\w、。「」，．]")


GARBLED = 0.2
"""Share of unlikely characters from which on the bytes are no text in any encoding known here."""


PLAUSIBLE = 0.05
"""Share of unlikely characters up to which bytes that announce nothing are taken for text with some dirt in it."""


class Decoded(NamedTuple):
    """The text, the encoding it was in, whether bytes that mean nothing there were replaced by U+FFFD, and whether most of it means nothing."""

    text: str
    encoding: str
    damaged: bool
    garbled: bool


def decode(raw: bytes) -> Decoded:
    """``raw`` as text; never fails. The byte order mark is no part of the text."""
    if not raw.startswith(FIRST_OF_MARKS) and b"\0" not in raw and b"\x1b" not in raw:  # nearly every file
        try:
            return Decoded(raw.decode(), "utf-8", damaged=False, garbled=False)
        except UnicodeDecodeError:
            pass
    encoding = encoding_of(raw)
    text = raw.decode(encoding, "replace")
    return Decoded(text, encoding, "\ufffd" in text, _unlikely(text[:SAMPLE]) > GARBLED)


def plausible(raw: bytes) -> bool:
    """Whether bytes that begin like no known format read as text: UTF-16 without a mark, or text with a few control characters."""
    return bool(raw) and _unlikely(raw.decode(encoding_of(raw), "replace")[:SAMPLE]) <= PLAUSIBLE


def encoding_of(raw: bytes) -> str:
    """The encoding that reads ``raw`` best, as Python names it."""
    for mark, encoding in MARKS:
        if raw.startswith(mark) and _unlikely(raw[: SAMPLE // 4 * 4].decode(encoding, "replace")) <= GARBLED:
            return encoding
    if any(escape in raw[:SAMPLE] for escape in ESCAPES):
        return "iso2022_jp_2004"
    if wide := _wide(raw[:SAMPLE]):
        return wide
    try:
        raw.decode()
    except UnicodeDecodeError:
        return min(NARROW, key=lambda encoding: _oddness(raw[:SAMPLE], encoding))
    return "utf-8"


def _wide(raw: bytes) -> str:
    """UTF-16 without a mark: in one of the two places, and not in the other, most bytes say Latin (00) or kana (30)."""
    high_be, high_le = (_latin_or_kana(raw[first::2]) for first in (0, 1))
    if max(high_be, high_le) > 0.5 and min(high_be, high_le) < 0.25:
        return "utf-16-be" if high_be > high_le else "utf-16-le"
    return ""


def _latin_or_kana(bytes_of_a_place: bytes) -> float:
    return (bytes_of_a_place.count(0) + bytes_of_a_place.count(0x30)) / max(len(bytes_of_a_place), 1)


def _oddness(raw: bytes, encoding: str) -> float:
    """How much of the text is unlikely when ``raw`` is read so: 0 for plain prose. A Western reading must be mostly plain letters."""
    text = raw.decode(encoding, "replace")
    accented = 0.3 * sum(char > "\x7f" for char in text) if encoding == "cp1252" else 0
    return _unlikely(text) + (0.2 * (len(text) - len(READABLE.findall(text))) + accented) / max(len(text), 1)


def _unlikely(text: str) -> float:
    return len(UNLIKELY.findall(text)) / max(len(text), 1)
