"""Texts that everybody carries: licences, the headers and colophons of archives, notices of rights and cookies. They are never a passage of a work.

Kept are hashes of their seeds, one in four (``boilerplate.bin``, written by tools/stop_list.py), so that a text can be recognised and none be read.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from sekisho.kernels import passages
from sekisho.kernels.passages import MARGIN, SPARSE_SEED, Codes

SAMPLED = np.uint64(3)
APART = 32
"""Codes between two known seeds of one notice at most: one in four is kept, and a name may stand between."""
FEWEST = 5
"""Known seeds in a row from which on they are a notice and no turn of phrase."""

Hashes = npt.NDArray[np.uint64]
Kept = npt.NDArray[np.uint32]


@cache
def known() -> Kept:
    """The hashes that are kept, ascending."""
    packed = resources.files(__package__).joinpath("boilerplate.bin").read_bytes()
    return np.cumsum(np.frombuffer(zlib.decompress(packed), "<u4"), dtype=np.uint32)


def sampled(hashes: Hashes) -> Kept:
    """What is kept of seed ``hashes``."""
    chosen = hashes[(hashes != 0) & (hashes & SAMPLED == 0)]
    kept: Kept = (chosen >> np.uint64(32)).astype(np.uint32)
    return kept


def longest_own(framed: Codes) -> int:
    """How many of the codes (which have margins) stand in the longest stretch that is no notice."""
    count, places = len(framed) - 2 * MARGIN, _known_places(framed)
    if len(places) < FEWEST:
        return count
    breaks = np.flatnonzero(np.diff(places) > APART) + 1
    notices = [run for run in np.split(places, breaks) if len(run) >= FEWEST]
    starts = [*(int(run[0]) for run in notices), count]
    ends = [0, *(int(run[-1]) + SPARSE_SEED for run in notices)]
    return max(start - end for start, end in zip(starts, ends, strict=True))


def _known_places(framed: Codes) -> npt.NDArray[np.intp]:
    """Where the seeds of known notices begin."""
    hashes = passages.seeds(framed, 1)
    at = np.flatnonzero(hashes & SAMPLED == 0)
    wanted, kept = (hashes[at] >> np.uint64(32)).astype(np.uint32), known()
    place = np.minimum(kept.searchsorted(wanted), len(kept) - 1)
    found: npt.NDArray[np.intp] = at[(kept[place] == wanted) & (wanted != 0)]
    return found
