"""Codes of a picture's frames, which find it where it stands whole in a panel, in a window or on another picture: ground for ``parts``.

A registered picture has three: of its grays, of the grays within its blank margins, and of how strong its strokes are there (which a redrawing in
lines leaves as it is). An item is asked for with both codes of every region.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import codes, regions, strokes
from sekisho.fingerprints.codes import CodeIndex
from sekisho.fingerprints.keypoints import Floats, Gray, resized
from sekisho.fingerprints.regions import Box
from sekisho.kernels import pictures
from sekisho.kernels.strokes import Map

SIDE = 256
GRID = 64
KINDS = 3
FARTHEST = 88
"""Bits of 256: where a frame lies farther from a registered one its strokes are not compared."""
EVEN = 3.0
"""Standard deviation of grays in a region in which nothing can be seen."""


class Looks(NamedTuple):
    """A picture at 256 pixels, in grays and in strength of strokes."""

    gray: Floats
    strength: Floats

    def codes(self, box: Box) -> tuple[bytes, bytes] | None:
        """The codes of a region; None where nothing can be seen in it."""
        height, width = self.gray.shape
        down = slice(round(box.top * height), max(round(box.bottom * height), round(box.top * height) + 1))
        across = slice(round(box.left * width), max(round(box.right * width), round(box.left * width) + 1))
        cut = self.gray[down, across]
        if cut.std() < EVEN:
            return None
        return code(cut), code(255 * self.strength[down, across])


def code(plane: Floats) -> bytes:
    """The code of a picture's grays."""
    return codes.code(pictures.average(plane.clip(0, 255).astype(np.uint8), GRID))


def looks(gray: Gray) -> Looks:
    """``gray`` as its frames are compared."""
    small = resized(gray, SIDE).astype(np.float32)
    return Looks(small, np.hypot(*strokes.directions(small)))


def of_work(gray: Gray) -> tuple[Box, bytes]:
    """The box within a registered picture's blank margins, in 255ths, and its three codes."""
    seen = looks(gray)
    inner = Box(*(round(255 * side) / 255 for side in regions.content(gray)))
    whole, cut = seen.codes(regions.WHOLE), seen.codes(inner)
    nothing = bytes(32)
    return inner, (whole or (nothing,))[0] + b"".join(cut or (nothing, nothing))


class Framed(NamedTuple):
    """A work (its place in the index) that a region of the item looks like, and where the work's places, in 0..1, then lie in the item's."""

    place: int
    bits: int
    to_item: Map


def framed(item: Looks, boxes: list[Box], index: CodeIndex, inner: npt.NDArray[np.uint8], most: int) -> list[Framed]:
    """At most ``most`` works whose frames are nearest to regions of the item, nearest first."""
    found = [one for box in boxes for one in framed_in(item, box, index, inner)]
    best: dict[int, Framed] = {}
    for one in sorted(found, key=lambda one: one.bits):
        best.setdefault(one.place, one)
    return list(best.values())[:most]


def framed_in(item: Looks, box: Box, index: CodeIndex, inner: npt.NDArray[np.uint8]) -> Iterator[Framed]:
    """The works that one region looks like."""
    asked = item.codes(box)
    for strong, one in enumerate(asked or ()):
        near = index.near(one, wider=False)
        for place, bits, how in zip(*(column.tolist() for column in near), strict=True):
            if bits <= FARTHEST and (place % KINDS == KINDS - 1) == bool(strong):
                there = regions.WHOLE if place % KINDS == 0 else Box(*(inner[place // KINDS] / 255).tolist())
                yield Framed(place // KINDS, bits, box_map(box) @ form(how) @ np.linalg.inv(box_map(there)))


def box_map(box: Box) -> Map:
    """The map from 0..1 to the places of ``box``."""
    return np.array([[box.right - box.left, 0, box.left], [0, box.bottom - box.top, box.top], [0, 0, 1.0]])


def form(how: int) -> Map:
    """Where the places of a picture lie in the one of which it is form number ``how`` (see ``codes.turn``)."""
    across = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) if how & 2 else np.eye(3)
    down = np.array([[1.0, 0, 0], [0, -1, 1], [0, 0, 1]]) if how & 1 else np.eye(3)
    swap = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 1]]) if how & 4 else np.eye(3)
    return np.asarray(swap @ down @ across)
