"""Writes src/sekisho/fingerprints/fold.bin, the table that folds every code point to 16 bits: ``python tools/fold_table.py`` (needs opencc).

Texts are compared by their folded characters. A character folds to the first character of its NFKC form, in lower case, without accents and
voicing marks, katakana and small kana as large hiragana, old and new kanji (and traditional and simplified hanzi) as one; whatever is no
letter or digit folds to 0 and is dropped. The table is data of the package, so that an index means the same under every version of Python.
"""

from __future__ import annotations

import sys
import unicodedata
import zlib
from array import array
from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).resolve().parents[1] / "src/sekisho/fingerprints/fold.bin"
POINTS = 0x110000
DROPPED = 0x8000
"""Stands for "no letter or digit" among the stored distances from each code point to its code; such runs of one value pack well."""
SMALL_AND_OLD_KANA = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖゐゑを", "あいうえおつやゆよわかけいえお", strict=True))
REPEAT_MARKS = frozenset("〱〲〳〴〵")  # often typed with slashes, which are dropped
PRINTED_FORMS = dict(
    zip("吿娛尙屛敎淸靑顚飮鬬卽旣曾爲說稅閱脫銳黃黑髙﨑𠮟", "告娯尚屏教清青顛飲闘即既曽為説税閲脱鋭黄黒高崎叱", strict=True)
)
"""Old printed forms of kanji seen in books that the conversion tables leave alone."""
CHAINS = [OpenCC(name).convert for name in ("t2jp", "jp2t", "t2s")]


def hiragana(char: str) -> str:
    return chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char


def kanji(char: str) -> str:
    """One character for all forms of a kanji: through the new Japanese form to the simplified one; longer answers are not taken."""
    char = PRINTED_FORMS.get(char, char)
    for convert in CHAINS:
        converted = convert(char)
        char = converted if len(converted) == 1 else char
    return char


def bare(char: str) -> str:
    """``char`` without accents and voicing marks; a Hangul syllable stays, its first letter alone would say too little."""
    return char if "가" <= char <= "힣" else unicodedata.normalize("NFD", char)[0]


def folded(point: int) -> int:
    """The 16-bit code of a code point; 0 when it is dropped."""
    if 0xD800 <= point < 0xE000:
        return 0
    first = hiragana(bare(bare(unicodedata.normalize("NFKC", chr(point))[0]).casefold()[0]))
    first = kanji(SMALL_AND_OLD_KANA.get(first, first))
    if not first.isalnum() or first in REPEAT_MARKS:
        return 0
    return (
        ord(first) if ord(first) < 0xE000 else 0xE000 + ord(first) % 0x1900
    )  # beyond 16 bits: into the private range, which is dropped itself


def main() -> None:
    codes = [folded(point) for point in range(POINTS)]
    distances = array("H", [(code - point) & 0xFFFF if code else DROPPED for point, code in enumerate(codes)])
    if distances.count(DROPPED) != codes.count(0):
        raise SystemExit("a real distance looks like DROPPED: choose another mark")
    if sys.byteorder == "big":
        distances.byteswap()
    packed = zlib.compress(distances.tobytes(), 9)
    TARGET.write_bytes(packed)
    print(TARGET, len(packed), "bytes, Unicode", unicodedata.unidata_version)


if __name__ == "__main__":
    main()
