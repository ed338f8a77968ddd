"""Ways to recognise a picture, asked alike: three hashes that everybody can install, ORB points with a geometric check, and the works store.

``learn`` takes the registered files in order, ``answers`` gives the places of those that a question resembles with a score, best first. Scores of
different methods are not of one scale; only their order counts.
"""

from __future__ import annotations

import base64
import csv
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

import cv2
import imagehash
import numpy as np
import numpy.typing as npt
import pdqhash
from iscc_lib import gen_image_code_v0
from PIL import Image, ImageOps

from sekisho.works import Closeness, Works
from sekisho.works import settings as store_settings

MOST = 5
"""Answers to a question that are counted."""
Bytes = npt.NDArray[np.uint8]


class Told(NamedTuple):
    """One answer: the place of a registered picture, how sure, and at which level where the method has levels."""

    place: int
    score: float
    level: str = ""


class Method(Protocol):
    """One way to recognise pictures."""

    name: str

    def learn(self, paths: list[Path]) -> None:
        """Take in the registered pictures."""

    def answers(self, path: Path) -> list[Told]:
        """The registered pictures that the one in ``path`` resembles, best first."""


class Hash:
    """A code of bits; the nearest by Hamming distance. ``forms`` gives the codes of a picture: as it is first, then those asked beside it."""

    def __init__(self, name: str, forms: Callable[[Path], list[Bytes]]) -> None:
        self.name = name
        self.forms = forms

    def learn(self, paths: list[Path]) -> None:
        self.codes = np.stack([self.forms(path)[0] for path in paths])

    def answers(self, path: Path) -> list[Told]:
        apart = np.min([np.bitwise_count(self.codes ^ form).sum(axis=1, dtype=np.int32) for form in self.forms(path)], axis=0)
        nearest = np.argsort(apart, kind="stable")[:MOST]
        return [Told(int(place), 1 - float(apart[place]) / (8 * self.codes.shape[1])) for place in nearest]


def read(path: Path) -> Bytes:
    """The pixels of a picture, red first."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def pdq(path: Path) -> list[Bytes]:
    return [np.packbits(pdqhash.compute(read(path))[0])]


def pdq_turned(path: Path) -> list[Bytes]:
    return [np.packbits(code) for code in pdqhash.compute_dihedral(read(path))[0]]


def phash(path: Path) -> list[Bytes]:
    with Image.open(path) as picture:
        return [np.packbits(imagehash.phash(picture).hash.ravel())]


def iscc(path: Path) -> list[Bytes]:
    """The image code of ISO 24138 at its full 256 bits, from 32 by 32 grays; borders are kept, since cutting them off finds less here."""
    with Image.open(path) as picture:
        small = picture.convert("L").resize((32, 32), Image.Resampling.BICUBIC)
    code = gen_image_code_v0(small.tobytes(), 256).iscc.removeprefix("ISCC:")
    return [np.frombuffer(base64.b32decode(code + "=" * (-len(code) % 8))[2:], np.uint8)]


class Points(NamedTuple):
    """Where the points of a picture lie, and what they look like."""

    at: npt.NDArray[np.float32]
    codes: Bytes


class Orb:
    """ORB: 250 points at 384 pixels, asked both ways round through an inverted file of binary words, then an affine fit of the 20 best."""

    name = "ORB + RANSAC"
    points, longest, words, checked = 250, 384, 4096, 20
    ratio, tolerance, iterations = 0.85, 6.0, 500

    @cached_property
    def finder(self) -> cv2.ORB:
        cv2.setNumThreads(1)
        return cv2.ORB_create(self.points, fastThreshold=7)

    def of(self, gray: Bytes) -> Points:
        found, codes = self.finder.detectAndCompute(gray, None)
        if codes is None:
            return Points(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
        return Points(np.array([point.pt for point in found], np.float32), codes)

    def small(self, path: Path) -> Image.Image:
        with Image.open(path) as picture:
            return ImageOps.contain(picture.convert("L"), (self.longest, self.longest))

    def learn(self, paths: list[Path]) -> None:
        self.works = [self.of(np.asarray(self.small(path))) for path in paths]
        every = np.concatenate([work.codes for work in self.works])
        rng = np.random.default_rng(0)
        self.centres = every[rng.permutation(len(every))[: self.words]]
        self.lists: list[set[int]] = [set() for _ in self.centres]
        for place, work in enumerate(self.works):
            for word in self.nearest(work.codes, 1).ravel():
                self.lists[word].add(place)

    def nearest(self, codes: Bytes, count: int) -> npt.NDArray[np.int64]:
        """The ``count`` words that each of ``codes`` lies nearest to."""
        found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(codes, self.centres, k=count) if len(codes) else []
        return np.array([[one.trainIdx for one in row] for row in found], np.int64).reshape(-1, count)

    def answers(self, path: Path) -> list[Told]:
        gray = self.small(path)
        best: dict[int, int] = {}
        for look in (gray, ImageOps.mirror(gray)):
            asked = self.of(np.asarray(look))
            for place in self.likely(asked):
                best[place] = max(best.get(place, 0), self.agreeing(asked, self.works[place]))
        ranked = sorted(best.items(), key=lambda pair: -pair[1])[:MOST]
        return [Told(place, float(count)) for place, count in ranked if count]

    def likely(self, asked: Points) -> list[int]:
        """The works that share most words, rare words counting more."""
        votes = np.zeros(len(self.works))
        for word in np.unique(self.nearest(asked.codes, 3)):
            listed = list(self.lists[word])
            if listed:
                votes[listed] += np.log(len(self.works) / len(listed)) ** 2
        return [int(place) for place in np.argsort(-votes, kind="stable")[: self.checked] if votes[place] > 0]

    def agreeing(self, asked: Points, work: Points) -> int:
        """How many points lie where one affine map puts them."""
        if min(len(asked.codes), len(work.codes)) < 4:
            return 0
        pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(asked.codes, work.codes, k=2)
        good = [one for one, other in pairs if one.distance < self.ratio * other.distance]
        if len(good) < 4:
            return 0
        ours, theirs = asked.at[[one.queryIdx for one in good]], work.at[[one.trainIdx for one in good]]
        cv2.setRNGSeed(1)
        fit, inside = cv2.estimateAffine2D(ours, theirs, ransacReprojThreshold=self.tolerance, maxIters=self.iterations)
        return 0 if fit is None or not 0.05 < abs(np.linalg.det(fit[:, :2])) < 20 else int(inside.sum())


class Ours:
    """The works store, asked as anybody would, but told to say also what it thinks unlikely."""

    name = "Sekisho"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.works: Works | None = None

    def learn(self, paths: list[Path]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        with (self.folder / "catalogue.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["path", "work"])
            rows.writerows([str(path.resolve()), place] for place, path in enumerate(paths))
        works = Works.open(self.folder / "store")
        works.register(catalogue=self.folder / "catalogue.csv", holder="nobody", workers=2)
        for name, value in (("threshold", "0.001"), ("flood_after", "1000000")):
            store_settings.change(works.store, name, value)

    def answers(self, path: Path) -> list[Told]:
        self.works = self.works or Works.open(self.folder / "store")  # opened where it is asked: a connection does not cross processes
        (answer,) = self.works.screen([path], "image")
        told = [Told(int(match.work), match.score, match.level) for match in answer.matches if match.level is not Closeness.STYLE]
        return told[:MOST]


def methods(store: Path) -> list[Method]:
    """All of them; ours keeps its store in the folder ``store``."""
    hashes = [
        Hash("pHash", phash),
        Hash("ISCC", iscc),
        Hash("PDQ", pdq),
        Hash("PDQ turned", pdq_turned),
    ]
    return [*hashes, Orb(), Ours(store)]
