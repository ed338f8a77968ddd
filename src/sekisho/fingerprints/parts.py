"""A registered picture found in anything: cut out, turned, mirrored, in a panel, pasted on another picture, redrawn in lines.

Points with descriptions of strokes (exported) find works and say how the item lies on them; the strokes of a small picture (private) prove it.
The weights were fitted by ``benchmarks/fit_parts.py`` on its tuning half.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sekisho.fingerprints import frames, judging, keypoints, point_index, regions, strokes
from sekisho.fingerprints.content import Content
from sekisho.fingerprints.judging import Guess, Judged, Sight
from sekisho.fingerprints.keypoints import PACKED, Gray
from sekisho.fingerprints.point_index import Kept, PointIndex
from sekisho.fingerprints.strokes import Layers
from sekisho.fingerprints.values import Fingerprint, FingerprintSpec, Hit, Likeness, Row, Unfit
from sekisho.model import Text

SPEC = FingerprintSpec(
    name="parts-2",
    title=Text("Parts of a picture", "画像の一部"),
    status="own",
    address="",
    checked=date(2026, 11, 22),
    finds=Text(
        "a picture or a part of it after cropping, turning, mirroring, perspective, in a panel or a collage, pasted on another picture, redrawn in lines",
        "切り抜き、回転、左右反転、遠近の変形、コマやコラージュへの配置、別の画像への貼り付け、線画化の後でも、画像またはその一部を見つけます",
    ),
    blind_to=Text(
        "free redrawing, pictures with hardly any strokes, very small parts", "自由な描き直し、線のほとんどない画像、ごく小さな一部"
    ),
    exported_reveals=Text(
        "where points of a picture lie and which way strokes around them run, roughly: outlines of its layout, no likeness of it",
        "特徴点の位置と周囲の線の向きのおおよそ：構図の輪郭は推測できますが、絵そのものは分かりません",
    ),
    overrules=("image-1",),
)
MEDIA = frozenset({"image"})

WORK_SIDE, WORK_POINTS = 512, 200
ITEM_SIDE, ITEM_POINTS = 704, 550
HEAD = struct.Struct("<HH4B96s")
"""Width, height, the box within blank margins, three codes (see ``frames``)."""
BY_POINTS, BY_FRAMES = 7, 5
"""Works whose strokes are compared with the item's: those that share points with it, and those that a region of it looks like."""


@dataclass(frozen=True, eq=False)
class Asked(Fingerprint):
    """A picture that is only asked about; what a search needs of it is worked out once, when it is first needed."""

    gray: Gray = field(default_factory=lambda: np.zeros((1, 1), np.uint8))

    @cached_property
    def sight(self) -> Sight:
        """The picture as it is compared."""
        gray = keypoints.resized(self.gray, ITEM_SIDE, 2.0)
        points = keypoints.described(gray, ITEM_POINTS, 2, both=True)
        return Sight(points, Layers(gray), (gray.shape[0], gray.shape[1]), frames.looks(gray), regions.regions(gray))


def of(content: Content) -> Fingerprint | Unfit:
    """Points of the picture, and its small picture as proof; a picture with hardly any points has them all the same, and nothing is found of it."""
    picture = content.detail
    if isinstance(picture, Unfit):
        return picture
    if content.fleeting:
        return Asked(b"", b"", picture.gray)
    gray = keypoints.resized(picture.gray, WORK_SIDE, 2.0)
    rows = keypoints.packed(keypoints.described(gray, WORK_POINTS), gray.shape)
    height, width = gray.shape
    inner, codes_ = frames.of_work(gray)
    head = HEAD.pack(width, height, *(round(255 * side) for side in inner), codes_)
    return Fingerprint(head + rows.tobytes(), strokes.packed(gray))


def sight_of(wanted: Fingerprint) -> Sight:
    """What a search needs of ``wanted``; of a registered one, as far as it was kept."""
    if isinstance(wanted, Asked):
        return wanted.sight
    small = strokes.grays(wanted.private) if wanted.private else np.zeros((8, 8), np.uint8)
    points = keypoints.unpacked(kept(Row(0, wanted)).points)
    scale = np.float32(max(small.shape) / keypoints.EDGE)
    placed = replace(points, places=points.places * scale, blurs=points.blurs * scale)
    return Sight(placed, Layers(small), (small.shape[0], small.shape[1]), frames.looks(small), regions.regions(small))


def sketch(work: Fingerprint) -> Gray | None:
    """What the private tier shows of a work: its small picture; None where there is none."""
    return strokes.grays(work.private) if work.private else None


def compare(item: Fingerprint, work: Fingerprint) -> Likeness | None:
    """How alike the item and the work are, as far as one lies on the other."""
    with TemporaryDirectory() as folder:
        build([Row(0, work)], Path(folder))
        found = load(Path(folder)).search(item)
    return found[0].likeness if found else None


def build(rows: Iterable[Row], target: Path) -> None:
    """The lists of all points, small pictures, and the codes of whole pictures."""
    point_index.build(map(kept, rows), target)


def kept(row: Row) -> Kept:
    """One row as the index keeps it."""
    exported = row.fingerprint.exported
    width, height, *inner, codes_ = HEAD.unpack_from(exported)
    points = np.frombuffer(exported, PACKED, offset=HEAD.size)
    return Kept(row.file, (width, height), tuple(inner), codes_, points, row.fingerprint.private)


def load(target: Path) -> Parts:
    """The segment that ``build`` wrote."""
    return Parts(point_index.load(target))


class Parts:
    """The parts of a segment, memory-mapped."""

    def __init__(self, index: PointIndex) -> None:
        self.index = index

    def search(self, wanted: Fingerprint) -> list[Hit]:
        """How likely the item holds a part of registered pictures, best first; also of those that were looked at and are not in it."""
        item = sight_of(wanted)
        best: dict[int, Judged] = {}
        for place, guess in self.guesses(item):
            found = judging.judged(item, self.index.work(place), guess)
            if found and (place not in best or found.likeness.score > best[place].likeness.score):
                best[place] = found
        ordered = sorted(best.items(), key=lambda one: -one[1].likeness.score)
        judgements = [one for _, one in ordered]
        return [
            Hit(int(self.index.columns.files[place]), judging.level_among(one, judgements[:rank]))
            for rank, (place, one) in enumerate(ordered)
        ]

    def guesses(self, item: Sight) -> Iterator[tuple[int, Guess]]:
        """The works that the item may hold a part of, and how it may lie on them."""
        for place, aligned in self.index.candidates(item.points, BY_POINTS):
            yield place, judging.by_points(aligned, self.index.work(place))
        for one in frames.framed(item.looks, item.boxes, self.index.frames, self.index.columns.inner, BY_FRAMES):
            yield one.place, judging.by_frame(one, item)
