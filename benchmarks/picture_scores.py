"""What answers are worth. A wrong answer that counts neither way is left out before anything is counted; the rules are these. Both were written before any
answer was seen; that ``sharing`` goes on until TRUE_ERRORS are found, instead of over the 200 surest, came after first figures, for want of time:

- ``none``: every wrong answer counts.
- ``related`` (the one that figures are told by): another work of the same creator, or a variant by name, of anything shown in the question counts neither way.
- ``sharing``: also one that truly shares a part: 25 or more points of plain SIFT of the two untouched pictures, or of one and the other mirrored, lie where one
  affine map puts them (0.75 ratio, 3 pixels at 640). A yardstick of nobody's: no method here uses SIFT. Asked of the
  wrong answers of a method from the surest on, until TRUE_ERRORS are found that share nothing: those below move no threshold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageOps

from benchmarks.picture_exam import Asked, Exam
from benchmarks.picture_methods import Told
from benchmarks.picture_sources import Source, opened

SHARED_POINTS = 25
TRUE_ERRORS = 12
TENTHS = np.linspace(0, 1, 11)
RULES = ("none", "related", "sharing")


class Counted(NamedTuple):
    """An answer that counts: whose it is, how sure, whether right."""

    asked: Asked
    told: Told
    right: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """What the answers of one method are worth, as shares of the altered copies, and the scores above which that is."""

    uap: float
    found_at_zero: float
    found_at_thousandth: float
    first: float
    by_edit: dict[str, tuple[float, float, float]]
    """Found at zero false, found where one in a thousand strangers is recognised, first."""
    threshold_zero: float
    threshold_thousandth: float


def readings(exam: Exam, answers: dict[int, list[Told]]) -> dict[str, list[Counted]]:
    """The answers that count, under each rule."""
    every = [Counted(asked, told, told.place == asked.work) for asked in exam.questions for told in answers[asked.number]]
    unrelated = [one for one in every if one.right or not one.asked.excused(exam.works[one.told.place])]
    excused = set(remixes(exam, sorted((one for one in unrelated if not one.right), key=lambda one: -one.told.score)))
    unshared = [one for one in unrelated if one not in excused]
    return dict(zip(RULES, (every, unrelated, unshared), strict=True))


def remixes(exam: Exam, wrong: list[Counted]) -> Iterator[Counted]:
    """Those of ``wrong``, the surest first, that truly share a part with what was asked."""
    errors = 0
    for one in wrong:
        if shares_a_part(one.asked, exam.works[one.told.place]):
            yield one
        elif (errors := errors + 1) >= TRUE_ERRORS:
            return


def worth(exam: Exam, pairs: list[Counted]) -> Worth:
    """The figures of ``pairs``. A copy is found when its right answer scores more than the threshold; zero false counts wrong answers about copies too."""
    copies = [asked for asked in exam.questions if asked.work is not None]
    strangers = [asked for asked in exam.questions if asked.work is None]
    wrong = max((one.told.score for one in pairs if not one.right), default=-np.inf)
    best = defaultdict(lambda: -np.inf)
    for one in pairs:
        best[one.asked.number] = max(best[one.asked.number], one.told.score)
    recognised = sorted((best[asked.number] for asked in strangers), reverse=True)
    thousandth = recognised[len(strangers) // 1000] if recognised else -np.inf
    own = {one.asked.number: one.told.score for one in pairs if one.right}
    told = defaultdict(list)
    for asked in copies:
        score = own.get(asked.number, -np.inf)
        told[asked.edit].append((score > wrong, score > thousandth, asked.number in own and score >= best[asked.number]))
    zero, one, first = np.mean([row for rows in told.values() for row in rows], axis=0).tolist()
    by_edit = {edit: tuple(np.mean(rows, axis=0).tolist()) for edit, rows in told.items()}
    return Worth(precision(pairs, len(copies)), zero, one, first, by_edit, wrong, thousandth)


def precision(pairs: list[Counted], copies: int) -> float:
    """Micro average precision: over all answers from the surest on, the share of right ones so far at each right one; answers as sure as each other together."""
    scores = np.array([one.told.score for one in pairs])
    right = np.array([one.right for one in pairs], float)
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)
    hits, all_ = np.cumsum(right[order])[last], np.flatnonzero(last) + 1
    return float((np.diff(hits, prepend=0) * hits / all_).sum() / max(copies, 1))


class Tenth(NamedTuple):
    """Answers whose score lies in one tenth: how many, their mean score, the share that is right."""

    count: int
    score: float
    right: float


def reliability(pairs: Iterable[Counted], edges: npt.ArrayLike = TENTHS) -> list[Tenth]:
    """The answers by tenths of the score."""
    table = np.array([(one.told.score, one.right) for one in pairs]).reshape(-1, 2)
    places = np.clip(np.digitize(table[:, 0], edges) - 1, 0, len(np.asarray(edges)) - 2)
    groups = [table[places == place] for place in range(len(np.asarray(edges)) - 1)]
    return [Tenth(len(group), *(group.mean(axis=0).tolist() if len(group) else (float("nan"),) * 2)) for group in groups]


def shares_a_part(asked: Asked, work: Source) -> bool:
    """Whether anything shown in the question truly shares a part with ``work``."""
    return any(shared_points(one, work) >= SHARED_POINTS for one in asked.shown)


@cache
def shared_points(one: Source, other: Source) -> int:
    """How many points of the one picture lie in the other where one affine map puts them."""
    theirs = points(other, mirrored=False)
    return max(agreeing(points(one, mirrored=mirrored), theirs) for mirrored in (False, True))


@cache
def points(source: Source, mirrored: bool) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Where the SIFT points of an untouched picture lie, and what they look like."""
    picture = opened(source)
    assert picture is not None
    gray = np.asarray((ImageOps.mirror(picture) if mirrored else picture).convert("L"))
    found, looks = cv2.SIFT_create(500).detectAndCompute(gray, None)
    return np.array([point.pt for point in found], np.float32).reshape(-1, 2), looks


def agreeing(ours: tuple[npt.NDArray[np.float32], ...], theirs: tuple[npt.NDArray[np.float32], ...]) -> int:
    """Points of both that lie where one affine map puts them."""
    if min(len(ours[0]), len(theirs[0])) < SHARED_POINTS:
        return 0
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(ours[1], theirs[1], k=2)
    good = [one for one, other in pairs if one.distance < 0.75 * other.distance]
    if len(good) < SHARED_POINTS:
        return 0
    cv2.setRNGSeed(1)
    fit, inside = cv2.estimateAffine2D(
        ours[0][[one.queryIdx for one in good]], theirs[0][[one.trainIdx for one in good]], ransacReprojThreshold=3.0
    )
    return 0 if fit is None else int(inside.sum())
