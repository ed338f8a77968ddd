"""Passages of registered texts in another text: from about 50 Japanese characters or 25 English words on, word for word or disturbed."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import Closeness, Fingerprint, FingerprintSpec, Hit, Likeness, Row, Unfit, marks, passages
from sekisho.fingerprints.content import Content
from sekisho.fingerprints.folding import Folded, fold
from sekisho.fingerprints.marks import Find
from sekisho.fingerprints.passages import Kept, Passage, Volume
from sekisho.formats.reading import Reading
from sekisho.kernels.passages import Codes
from sekisho.model import Text

SPEC = FingerprintSpec(
    name="text-passages-2",
    title=Text("Passages of text", "文章の一致"),
    status="own",
    address="docs/text.md",
    checked=date(2026, 11, 22),
    finds=Text(
        "passages of a registered text in another text, exact or with errors, other spelling, width, line breaks or punctuation, with their borders",
        "登録した文章の一節が、そのまま、または誤字・表記の違い・改行・句読点の違いを含んで、別の文章のどこからどこまでにあるか",
    ),
    blind_to=Text(
        "translation, paraphrase, quotations shorter than about 26 Japanese characters or 12 English words, readings run into the text at every word",
        "翻訳、言い換え、和文約26字・英文約12語より短い引用、すべての漢字に括弧なしで読みが混ざった文章",
    ),
    exported_reveals=Text(
        "whoever has a text can find out that it is this one; a hash of 16 characters does not give them back, though a guess of all of them can be tried",
        "同じ文章を持つ人には、それがこの作品だと分かる。16字のハッシュから本文は復元できないが、16字すべてを推測して当たるかを試すことはできる",
    ),
)
MEDIA = frozenset({"text"})

NOT_READ = Text(
    "no text can be read from it: the file is damaged, protected by a password, or in an unknown encoding",
    "文章を読み取れません。ファイルが壊れているか、パスワードで保護されているか、文字コードが分かりません",
)
SHORTEST, FEWEST_DIFFERENT = 26, 11
"""Folded characters, and different ones, below which nothing can be found of a text."""
WEIGHT, OFFSET = 24.25, -16.83
"""Of the score: fitted to answers that are known to be right or wrong by benchmarks/fit_text.py."""
VERBATIM_DIFFERENCES, NEAR_ERRORS = 0.02, 0.2
TEXTS, MARKS = "texts", "marks"
HEAD = struct.Struct("<QQ")


def of(content: Content) -> Fingerprint | Unfit:
    """The folded text of a file, as proof data; too short a text has none."""
    if content.words is None and not content.reading.says_something:
        return Unfit(NOT_READ)
    text = fold(content.raw) if content.words is not None or content.reading.as_it_stands else folded(content.reading)
    different = len(set(text.codes[:64].tolist()))
    if different < FEWEST_DIFFERENT:
        different = len(np.unique(text.codes))
    if len(text.codes) < SHORTEST or different < FEWEST_DIFFERENT:
        return Unfit(
            Text(
                f"the text has {len(text.codes)} letters and digits, {different} of them different;"
                f" to recognise it at least {SHORTEST} and {FEWEST_DIFFERENT} are needed",
                f"文字と数字が{len(text.codes)}字、異なるものが{different}種しかありません。見分けるには{SHORTEST}字以上、{FEWEST_DIFFERENT}種以上が必要です",
            ),
            blank=True,
        )
    if content.fleeting:
        return JustFolded(b"", b"", text)
    return JustFolded(marks.exported(text), packed(text, content.reading.matter), text)


@dataclass(frozen=True, slots=True)
class JustFolded(Fingerprint):
    """A fingerprint whose folded text is still at hand, so that a search need not unpack it; of a fleeting text there is nothing else."""

    text: Folded | None = None


def folded(read: Reading) -> Folded:
    """The running text of a file folded, its places those of the file."""
    text = fold(read.text)
    if read.offsets is None:
        return text
    return Folded(text.framed, read.offsets[text.offsets].astype(np.uint32), read.length)


def compare(item: Fingerprint, work: Fingerprint) -> Likeness | None:
    """How alike the best passage that both share is."""
    volume = Volume(passages.arranged([_kept(Row(0, work))]), passages.STEP)
    found = volume.passages(unpacked(item.private))
    return likeness(max(found, key=lambda one: one.points)) if found else None


def build(rows: Iterable[Row], target: Path) -> None:
    """Write the search files of ``rows`` into ``target``; what at least three files carry beside their works is not searched for.

    Of texts that are known by their exported tier alone the marks are searched.
    """
    all_rows = list(rows)
    held = [row for row in all_rows if row.fingerprint.private]
    stop = passages.common_seeds(fold(_matter(row.fingerprint.private)) for row in held)
    for name in (TEXTS, MARKS):
        (target / name).mkdir()
    passages.build(map(_kept, held), target / TEXTS, stop)
    known = [(row.file, row.fingerprint.exported) for row in all_rows if row.fingerprint.exported and not row.fingerprint.private]
    if known:
        marks.build(known, target / MARKS)


def load(target: Path) -> TextSegment:
    """The segment in ``target``, memory-mapped. Raises InputError when a file of it is cut, missing or of another version."""
    return TextSegment(passages.load(target / TEXTS), marks.load(target / MARKS))


class TextSegment:
    """The search files of a run of registered texts."""

    def __init__(self, volumes: list[Volume], marks_: marks.MarkIndex | None) -> None:
        self.volumes = volumes
        self.marks = marks_

    def search(self, wanted: Fingerprint) -> list[Hit]:
        """Every passage of the registered texts in ``wanted``, best first."""
        text = wanted.text if isinstance(wanted, JustFolded) and wanted.text else unpacked(wanted.private)
        found = [Hit(one.file, likeness(one)) for volume in self.volumes for one in volume.passages(text)]
        if self.marks:
            found += [Hit(one.file, unproved(one, text)) for one in self.marks.search(text)]
        return sorted(found, key=lambda hit: (-hit.likeness.score, hit.file))


def unproved(found: Find, text: Folded) -> Likeness:
    """What marks alone show: a part of the item, no place in the work, and a score that grows with their number and never reaches proof."""
    region = text.region(found.start, min(found.end, len(text.codes)))
    return Likeness(Closeness.PARTIAL, round(1 - 0.5**found.marks, 4), tuple(map(float, region)), (), proved=False)


def likeness(found: Passage, offset: int = 0) -> Likeness:
    """A passage as the shelf speaks of it, in a text that begins at ``offset``."""
    start, end = found.text
    return Likeness(
        closeness(found), score(found.points / found.asked), (float(start + offset), float(end + offset)), tuple(map(float, found.work))
    )


def score(earned: float) -> float:
    """How probably a passage is one of the work and no chance, from its points through those asked for (docs/text.md)."""
    return round(1 / (1 + math.exp(-(WEIGHT * earned + OFFSET))), 6)


def closeness(found: Passage) -> Closeness:
    """``verbatim`` up to one difference in fifty characters, ``near`` where four fifths of the work's passage are there, else ``partial``."""
    if found.differences <= VERBATIM_DIFFERENCES * found.codes:
        return Closeness.VERBATIM
    return Closeness.NEAR if found.lost <= NEAR_ERRORS * found.codes else Closeness.PARTIAL


# -- the bytes of the private tier: codes with their margins, one bit a character of the file that has a code, the matter -----------------


def packed(text: Folded, matter: tuple[str, ...] = ()) -> bytes:
    """A folded text as bytes; ``matter`` stays beside it to be recognised in other files."""
    kept = np.zeros(text.length, np.bool_)
    kept[text.offsets] = True
    beside = zlib.compress("\n".join(matter).encode("utf-8", "surrogatepass")) if matter else b""
    return HEAD.pack(len(text.framed), text.length) + text.framed.astype("<u2").tobytes() + np.packbits(kept).tobytes() + beside


def unpacked(raw: bytes) -> Folded:
    """What ``packed`` put into bytes."""
    framed, bits, length = _views(raw)
    return Folded(framed, np.unpackbits(bits, count=length).view(np.bool_).nonzero()[0].astype(np.uint32), length)


def _views(raw: bytes) -> tuple[Codes, npt.NDArray[np.uint8], int]:
    count, length = HEAD.unpack_from(raw)
    framed = np.frombuffer(raw, "<u2", count, HEAD.size)
    return framed, np.frombuffer(raw, np.uint8, -(-length // 8), HEAD.size + 2 * count), length


def _matter(raw: bytes) -> bytes:
    count, length = HEAD.unpack_from(raw)
    beside = raw[HEAD.size + 2 * count + -(-length // 8) :]
    return zlib.decompress(beside) if beside else b""


def _kept(row: Row) -> Kept:
    return passages.kept(row.file, unpacked(row.fingerprint.private))
