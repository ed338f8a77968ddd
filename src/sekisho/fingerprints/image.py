"""A whole picture, recognised after recompression, scaling, tone, colour, blur, noise, stretching, turning, mirroring and partial overlays.

The low frequencies of the gray picture make a 256-bit code (exported) that finds candidates; a picture of 24 by 24 grays (private) decides.
The weights were fitted by ``benchmarks/fit_image.py`` on its tuning half; ``docs/works.md`` shows what they reach on the other.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import codes, thumbs
from sekisho.fingerprints.codes import CodeIndex
from sekisho.fingerprints.content import Content
from sekisho.fingerprints.picture import Picture
from sekisho.fingerprints.thumbs import Thumbs
from sekisho.fingerprints.values import Closeness, Fingerprint, FingerprintSpec, Hit, Likeness, Row, Unfit
from sekisho.kernels.pictures import Near
from sekisho.model import Text

SPEC = FingerprintSpec(
    name="image-1",
    title=Text("Whole picture", "画像全体"),
    status="own",
    address="",
    checked=date(2026, 11, 22),
    finds=Text(
        "a whole picture after recompression, scaling, gray, tone, colour, blur, noise, stretching, mirroring, quarter turns, text and signs over it",
        "再圧縮、拡大縮小、グレー化、階調・色の変更、ぼかし、ノイズ、縦横比の変更、左右反転、90度単位の回転、文字や絵文字の重ね描きの後でも画像全体を見つけます",
    ),
    blind_to=Text("crops, small turns, panels and collages", "切り抜き、小さな角度の回転、コマ単位の利用、コラージュ"),
    exported_reveals=Text(
        "the signs of 256 low frequencies: a guess at large light and dark areas, no detail",
        "低周波 256 成分の符号だけ：大まかな明暗の推測にとどまり、細部は分かりません",
    ),
)
MEDIA = frozenset({"image"})

WEIGHTS = dict(
    zip(
        thumbs.FEATURES,
        (-3.9671, 12.1587, 2.8825, 1.6449, -3.3099, 20.8604, -7.6958, -0.0189, -2.9399, 1.6929,
         -6.9349, -1.6813, -1.7506, -5.4472, 39.4512, -6.2517, 0.0071, 5.1772, 0.3138, -0.0529),
        strict=True,
    )
)  # fmt: skip
OFFSET = -9.3874
WITHOUT_PROOF = (8.6567, -0.1677)  # offset and weight of a bit where only codes can be compared
WORTH_TELLING = 0.05
PRIVATE_BYTES = thumbs.SIDE * thumbs.SIDE // 2

FAINTEST = 8.0  # gray levels between the lightest and the darkest cell
FEWEST_BLOCKS = 6  # of 64, with something in them
FAINT_BLOCK = 0.04  # of the contrast of the whole
STRIPED = 0.02  # the share of the variance that rows and columns alone do not explain
FINE_SHARE = 0.3  # of the contrast of the pixels: pages of text keep 0.28 of it, of 500 drawings and photographs none less than 0.34

NOTHING_IN_IT = Text("nothing in it: an almost even surface", "内容がほとんどない、ほぼ均一な画像です")
STRIPES = Text("nothing but stripes or a gradient in it", "縞模様またはグラデーションしか含まれていません")
A_SPECK = Text("too little in it to be told from others", "他と見分けるための内容が少なすぎます")
ONLY_FINE = Text("nothing large in it: a page of text or an even pattern", "大きな形がなく、文字だけのページまたは均一な模様です")


def of(content: Content) -> Fingerprint | Unfit:
    """Code and small picture; a picture with too little in it to be claimed has none."""
    picture = content.picture
    if isinstance(picture, Unfit):
        return picture
    small = thumbs.shrunk(picture.grid)
    reason = too_little(small) or (only_fine(picture, small) if content.fleeting else None)
    return Unfit(reason, blank=True) if reason else Fingerprint(codes.code(picture.grid), thumbs.packed(small))


def too_little(small: npt.NDArray[np.float32]) -> Text | None:
    """Why a picture of 24 by 24 grays cannot be claimed by its look; None when there is enough in it."""
    contrast = np.ptp(small)
    if contrast < FAINTEST:
        return NOTHING_IN_IT
    left = small - small.mean(axis=0) - small.mean(axis=1, keepdims=True) + small.mean()
    if left.var() < STRIPED * small.var():
        return STRIPES
    return A_SPECK if (thumbs.ranges(small) > FAINT_BLOCK * contrast).sum() < FEWEST_BLOCKS else None


def only_fine(picture: Picture, small: npt.NDArray[np.float32]) -> Text | None:
    """Why nothing can be told by the look of a page of text or an even pattern: what is left of it in 24 by 24 grays is chance.

    Only of what is asked about: such a page may be registered, since its bytes and parts can still be told.
    """
    return ONLY_FINE if small.std() < FINE_SHARE * picture.gray.std() else None


def sketch(work: Fingerprint) -> npt.NDArray[np.uint8] | None:
    """What the private tier shows of a work: 24 by 24 grays; None where there is none."""
    if not work.private:
        return None
    return np.asarray(thumbs.unpacked([work.private])[0] * (255 / thumbs.LEVELS), np.uint8)


def compare(item: Fingerprint, work: Fingerprint) -> Likeness | None:
    """How alike two pictures are, in the form of the item that comes nearest."""
    index = CodeIndex(np.frombuffer(work.exported, np.uint64).reshape(1, 4), None)
    small = thumbs.unpacked([work.private]) if work.private else None
    likenesses = judged(item, index.near(item.exported), small)
    return likenesses[0] if likenesses else None


def judged(item: Fingerprint, near: Near, small: Thumbs | None) -> list[Likeness]:
    """A likeness for each code in ``near``; ``small`` are their pictures, None where only codes are there to be compared."""
    if small is None or not item.private:
        offset, weight = WITHOUT_PROOF
        return [Likeness(Closeness.NEAR, thumbs.chance(offset + weight * bits), proved=False) for bits in near.distances]
    one = thumbs.unpacked([item.private])[0]
    turned = [codes.turn(one, int(how)) for how in near.turns]
    if not turned:
        return []
    logits = OFFSET + thumbs.features(np.stack(turned), small, near.distances) @ np.array(list(WEIGHTS.values()))
    return [Likeness(Closeness.NEAR, thumbs.chance(logit)) for logit in logits]


def build(rows: Iterable[Row], target: Path) -> None:
    """Codes with their lists, small pictures and file numbers, each a table of its own."""
    files, exported, private = array("I"), bytearray(), bytearray()
    for row in rows:
        files.append(row.file)
        exported += row.fingerprint.exported
        private += row.fingerprint.private
    codes.build(exported, target)
    np.save(target / "files.npy", np.array(files, np.uint32))
    if len(private) == len(files) * PRIVATE_BYTES:
        np.save(target / "thumbs.npy", np.frombuffer(private, np.uint8).reshape(-1, PRIVATE_BYTES))


class Pictures:
    """The pictures of a segment, memory-mapped."""

    def __init__(self, index: CodeIndex, files: npt.NDArray[np.uint32], small: npt.NDArray[np.uint8] | None) -> None:
        self.index = index
        self.files = files
        self.small = small

    def search(self, wanted: Fingerprint) -> list[Hit]:
        """The registered pictures that ``wanted`` resembles, best first."""
        near = self.index.near(wanted.exported)
        small = None if self.small is None else thumbs.unpacked([row.tobytes() for row in self.small[near.places]])
        hits = [Hit(int(self.files[place]), like) for place, like in zip(near.places, judged(wanted, near, small), strict=True)]
        return sorted((hit for hit in hits if hit.likeness.score >= WORTH_TELLING), key=lambda hit: -hit.likeness.score)


def load(target: Path) -> Pictures:
    """The segment that ``build`` wrote."""
    small = np.load(target / "thumbs.npy", mmap_mode="r") if (target / "thumbs.npy").exists() else None
    return Pictures(codes.load(target), np.load(target / "files.npy", mmap_mode="r"), small)
