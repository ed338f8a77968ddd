"""Fits the numbers of the fingerprint of parts on the tuning half and writes them; no other part is read. ``python -m benchmarks.fit_parts points|evidence``

``points``: what descriptions are reduced to (principal axes) and the words they are listed under (means of k groups), on registered pictures.
``evidence``: what the numbers of the closer look are worth together: boosted trees of three questions each, which may not count a number against what it
speaks for; then a slope, so that a score is a chance. Rows are the guesses of each question of an examination; a guess at another work of the
same creator, or a variant by name, counts neither way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from multiprocessing import Pool
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.fit_image import fitted
from benchmarks.picture_exam import Asked, Exam, Size, build, load
from benchmarks.picture_questions import readable
from benchmarks.picture_sources import CACHE
from sekisho.fingerprints import Content, Fingerprint, Row, judging, keypoints, parts, point_index, strokes
from sekisho.fingerprints.keypoints import Floats
from sekisho.kernels import points
from sekisho.kernels.lists import DIMENSIONS, WORDS

SEED = 1
SIZE = Size(works=600, beside=200, strangers=450, copies=14)
FOLDER = CACHE.parent / "exams" / "fit"
PICTURES = 600
DESCRIBED = points.CELLS**2 * points.DIRECTIONS
ROUNDS = 15
FOLDS = 5
SPEAKS_FOR = [1, 1, 1, 1, 1, 1, -1, 1, 1, 1, -1, 1, -1, 0, 0, 0, 0]
"""Of each of ``judging.NAMES``: more of it is better, worse, or neither."""
COPY_POINTS, COPY_STROKES = 30, 0.9
DATA = Path(judging.__file__).parent
Rows = npt.NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["points", "evidence"])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    if args.what == "points":
        fit_points()
    else:
        fit_evidence(build("tuning", SIZE, SEED, args.folder, args.workers), args.workers)


def fit_points() -> None:
    """Write ``points.npz``."""
    rows = np.concatenate(list(descriptions()))
    middle = rows.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((rows - middle).T))
    axes = axes[:, ::-1][:, :DIMENSIONS]
    rng = np.random.default_rng(SEED)
    first, second = (groups(half, rng) for half in point_index.halves((rows - middle) @ axes))
    known = keypoints.Basis(*(column.astype(np.float16) for column in (middle, axes, first, second)))
    np.savez_compressed(DATA / "points.npz", **known._asdict())
    print(f"{len(rows)} descriptions")


def descriptions() -> Iterator[Floats]:
    """The descriptions of the points of each picture, each in the way that it is kept."""
    for _, picture in islice(readable("tuning"), PICTURES):
        gray = keypoints.resized(np.asarray(picture.convert("L")), parts.WORK_SIDE, 2.0)
        pyramid = points.pyramid(gray.astype(np.float32), keypoints.OCTAVES)
        chosen = keypoints.spread(pyramid.found(keypoints.FAINTEST), parts.WORK_POINTS, gray.shape)
        whose, angles = pyramid.turns(chosen, 1, 1.0)
        sums = pyramid.described(chosen[whose], angles)
        yield keypoints.upright(sums[keypoints.telling(sums)])[0].reshape(-1, DESCRIBED)


def groups(rows: Floats, rng: np.random.Generator) -> Floats:
    """The means of WORDS groups of ``rows``, each of those nearest to it (Lloyd)."""
    means = rows[rng.choice(len(rows), WORDS, replace=False)]
    for _ in range(ROUNDS):
        nearest = ((means**2).sum(axis=1) - 2 * rows @ means.T).argmin(axis=1)
        for word in range(WORDS):
            mine = rows[nearest == word]
            means[word] = mine.mean(axis=0) if len(mine) else rows[rng.integers(len(rows))]
    return means


def fit_evidence(exam: Exam, workers: int) -> None:
    """Write ``evidence.npz`` and print what each number counts for."""
    rows, right = collected(exam, workers)
    np.savez_compressed(exam.folder / "rows.npz", rows=rows, right=right)
    write_evidence(rows, right)


def write_evidence(rows: Rows, right: Rows) -> None:
    """Fit and write the trees with the numbers of strokes and without, leaving out wrong guesses that are no mistake: copies in the package itself."""
    points_, strokes_ = (rows[:, judging.NAMES.index(name)] for name in ("points", "agree"))
    copies = (right == 0) & (points_ > np.log1p(COPY_POINTS)) & (strokes_ > COPY_STROKES)
    rows, right = rows[~copies], right[~copies]
    print(f"{len(rows)} guesses, {int(right.sum())} right; {int(copies.sum())} left out as copies of the right work under another name")
    without = np.where(np.isin(judging.NAMES, strokes.COUNTED), 0.0, rows)
    for name, numbers in (("proved", rows), ("unproved", without)):
        np.savez_compressed(DATA / f"{name}.npz", **grown(numbers, right)._asdict())


def grown(rows: Rows, right: Rows) -> judging.Trees:
    """Trees on all rows; slope and offset make the answers of trees that did not see a row (FOLDS of them) fit what was right."""
    group = np.arange(len(rows)) // 8 % FOLDS  # guesses at one question stand together
    unseen = np.empty(len(rows))
    for fold in range(FOLDS):
        unseen[group == fold] = model().fit(rows[group != fold], right[group != fold]).decision_function(rows[group == fold])
    slope, offset = fitted(unseen[:, None], right)
    told = 1 / (1 + np.exp(-(unseen * slope[0] + offset)))
    for low, high in pairwise((0, 0.2, 0.4, 0.6, 0.8, 0.95, 1)):
        band = (told >= low) & (told < high)
        print(f"  {low:.2f} to {high:.2f}: {int(band.sum()):5} guesses, {right[band].mean() if band.any() else 0:.3f} right")
    whole = model().fit(rows, right)
    return flattened(whole, slope[0], offset)


def model() -> HistGradientBoostingClassifier:
    """Trees that never count a number against what it speaks for."""
    return HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_depth=judging.DEPTH,
        min_samples_leaf=12,
        l2_regularization=5,
        monotonic_cst=SPEAKS_FOR,
        random_state=SEED,
    )


def flattened(whole: HistGradientBoostingClassifier, slope: float, offset: float) -> judging.Trees:
    """The trees as columns of nodes."""
    nodes = [tree[0].nodes for tree in whole._predictors]  # noqa: SLF001 - the library shows them nowhere else
    starts = np.cumsum([0, *(len(one) for one in nodes)])[:-1]
    table = np.concatenate(nodes)
    base = np.repeat(starts, [len(one) for one in nodes])
    here = np.arange(len(table))
    leaf = table["is_leaf"].astype(bool)
    return judging.Trees(
        table["feature_idx"].astype(np.int16),
        table["num_threshold"].astype(np.float32),
        np.where(leaf, here, table["left"] + base).astype(np.int16),
        np.where(leaf, here, table["right"] + base).astype(np.int16),
        np.where(leaf, table["value"], 0).astype(np.float32),
        starts.astype(np.int16),
        np.array(slope),
        np.array(offset + slope * float(whole._baseline_prediction.ravel()[0])),  # noqa: SLF001 - as above
    )


def collected(exam: Exam, workers: int) -> tuple[Rows, Rows]:
    """The numbers of every guess, and 1 where it is at the right work."""
    segment = Path(mkdtemp())
    with Pool(workers) as pool:
        made = pool.map(of_work, [exam.work_path(place) for place in range(len(exam.works))], chunksize=16)
        parts.build([Row(place, one) for place, one in enumerate(made)], segment)
        found = pool.starmap(guesses, [(exam.folder, segment, asked) for asked in exam.questions], chunksize=8)
    return np.concatenate([rows for rows, _ in found]), np.concatenate([right for _, right in found])


def of_work(path: Path) -> Fingerprint:
    """The fingerprint of a registered picture."""
    made = parts.of(Content(path.read_bytes(), "image"))
    assert isinstance(made, Fingerprint)
    return made


@cache
def opened(folder: Path, segment: Path) -> tuple[Exam, parts.Parts]:
    """The examination and the segment of its works, once in each process."""
    return load(folder)[0], parts.load(segment)


def guesses(folder: Path, segment: Path, asked: Asked) -> tuple[Rows, Rows]:
    """The numbers of each guess at one question, and 1 where it is at the right work."""
    exam, works = opened(folder, segment)
    made = parts.of(Content(exam.question_path(asked).read_bytes(), "image", fleeting=True))
    item = parts.sight_of(made)
    told = [(place, guess) for place, guess in works.guesses(item) if place == asked.work or not asked.excused(exam.works[place])]
    rows = [judging.evidence(item, works.index.work(place), guess)[0] for place, guess in told]
    return np.array(rows).reshape(-1, len(judging.NAMES)), np.array([place == asked.work for place, _ in told], np.float64)


if __name__ == "__main__":
    main()
