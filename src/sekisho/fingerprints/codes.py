"""256-bit codes of pictures: the signs of their low frequencies, their eight turned and mirrored forms, and the search among many of them.

A mirrored picture has the same frequencies with the odd ones negated, a turned one has them transposed: so the forms of a code follow from the
code alone. The search is exact within ``EXACT_WITHIN`` bits whatever the number of codes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sekisho.kernels import pictures
from sekisho.kernels.pictures import Bands, Codes, Forms, Near

ORDER = 16
"""Frequencies 1 to 16 in each direction: 256 of them."""
EXACT_WITHIN = 23
FARTHEST = 103
"""No pair farther apart is looked at: unrelated pictures begin here."""
SCAN_UP_TO = 1 << 16
"""So few codes are looked at one by one, which finds everything within FARTHEST."""
BAND_BITS = (16, 20)
ROOM = 24
"""Candidates for the closer look."""


@cache
def cosines(side: int) -> npt.NDArray[np.float32]:
    """The rows of the discrete cosine transform for frequencies 1 to 16 over ``side`` samples."""
    waves: npt.NDArray[np.float64] = np.cos(np.pi / side * (np.arange(side) + 0.5) * np.arange(1, ORDER + 1)[:, None])
    return waves.astype(np.float32)


def code(grid: npt.NDArray[np.float32]) -> bytes:
    """The signs of the low frequencies of a square ``grid`` of grays, as 32 bytes."""
    waves = cosines(len(grid))
    return np.packbits(waves @ grid @ waves.T > 0, bitorder="little").tobytes()


def forms(one: bytes) -> Forms:
    """The codes of the picture as it is, upside down, mirrored, turned by 180 degrees, and the same four of its transpose."""
    signs = np.unpackbits(np.frombuffer(one, np.uint8), bitorder="little").reshape(ORDER, ORDER)
    odd = (np.arange(ORDER) % 2 == 0).astype(np.uint8)  # frequency 1 stands first
    turned = [side ^ down ^ across for side in (signs, signs.T) for across in (0, odd[None, :]) for down in (0, odd[:, None])]
    return np.packbits(np.stack(turned).reshape(8, -1), axis=1, bitorder="little").view(np.uint64)


def turn(grids: npt.NDArray[np.float32], how: int) -> npt.NDArray[np.float32]:
    """Grids (the last two axes) in form number ``how`` of ``forms``."""
    turned: npt.NDArray[np.float32] = grids.swapaxes(-1, -2) if how & 4 else grids
    turned = turned[..., ::-1, :] if how & 1 else turned
    return turned[..., ::-1] if how & 2 else turned


class CodeIndex:
    """Many codes, memory-mapped, and the lists that find the near ones without looking at all."""

    def __init__(self, codes: Codes, lists: Bands | None) -> None:
        self.codes = codes
        self.lists = lists

    def near(self, one: bytes, *, wider: bool = True) -> Near:
        """The places of the codes near ``one``, nearest first, at most ROOM.

        All within EXACT_WITHIN bits are among them (unless there are more than ROOM). Where none is, a wider look tells the ones that
        something was laid over from those that are not there: twice the bits, without the promise. ``wider=False`` leaves it out.
        """
        wanted = forms(one)
        if self.lists is None:
            return pictures.scan(self.codes, wanted, FARTHEST, ROOM)
        near = pictures.lookup(self.codes, wanted, self.lists, flips=1, most=FARTHEST, room=64 * ROOM)
        if wider and (not len(near.places) or near.distances.min() > EXACT_WITHIN):
            near = pictures.lookup(self.codes, wanted, self.lists, flips=2, most=FARTHEST, room=64 * ROOM)
        return near.pick(np.lexsort((near.places, near.distances))[:ROOM])


def build(codes: bytes | bytearray, target: Path) -> None:
    """Write ``codes``, one after the other, and, where there are many, their lists into the folder ``target``."""
    table = np.frombuffer(codes, np.uint64).reshape(-1, 4)
    np.save(target / "codes.npy", table)
    if len(table) > SCAN_UP_TO:
        low, high = BAND_BITS
        lists = pictures.bands(table, min(max(len(table).bit_length() - 1, low), high))
        np.save(target / "starts.npy", lists.starts)
        np.save(target / "places.npy", lists.places)


def load(target: Path) -> CodeIndex:
    """The codes that ``build`` wrote into ``target``, memory-mapped."""
    codes = np.load(target / "codes.npy", mmap_mode="r")
    if not (target / "starts.npy").exists():
        return CodeIndex(codes, None)
    starts, places = (np.load(target / name, mmap_mode="r") for name in ("starts.npy", "places.npy"))
    return CodeIndex(codes, Bands((starts.shape[1] - 1).bit_length() - 1, starts, places))


def nearest_by_definition(codes: Codes, one: bytes, most: int) -> Near:
    """The readable twin of the kernels: every code against every form."""
    apart = np.bitwise_count(codes[:, None, :] ^ forms(one)[None, :, :]).sum(axis=2).astype(np.int32)
    turns, distances = apart.argmin(axis=1).astype(np.int32), apart.min(axis=1)
    order = np.argsort(distances, kind="stable")
    order = order[distances[order] <= most]
    return Near(order, distances[order], turns[order])
