"""Fits the weights of the image fingerprint on the tuning half and prints them; no other part is read. ``python -m benchmarks.fit_image``"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.picture_questions import Exam, Question, exam
from sekisho.fingerprints import codes, thumbs
from sekisho.fingerprints.codes import CodeIndex

SEED = 20261122
HOLD = 1e-3
"""How strongly the weights of the standardised features are held back."""

Rows = npt.NDArray[np.float64]


def main() -> None:
    set_ = exam("tuning", works=900, copies=100, strangers=700, seed=SEED)
    rows, right = pairs(set_)
    weights, offset = fitted(rows, right)
    alone, without = fitted(rows[:, -1:], right)
    print(f"{len(rows)} pairs, {int(right.sum())} right")
    for name, weight in zip(thumbs.FEATURES, weights, strict=True):
        print(f"{weight:10.4f}  {name}")
    print(f"OFFSET = {offset:.4f}\nWITHOUT_PROOF = ({without:.4f}, {alone[0]:.4f})")


def pairs(set_: Exam) -> tuple[Rows, Rows]:
    """The features of each candidate of each question, and 1 where it is the right one; related pictures count neither way."""
    index = CodeIndex(np.frombuffer(b"".join(made.exported for _, made in set_.works), np.uint64).reshape(-1, 4), None)
    small = thumbs.unpacked([made.private for _, made in set_.works])
    found = [candidates(question, set_, index, small) for question in set_.questions if question.fingerprint]
    return np.concatenate([rows for rows, _ in found]), np.concatenate([right for _, right in found])


def candidates(question: Question, set_: Exam, index: CodeIndex, small: thumbs.Thumbs) -> tuple[Rows, Rows]:
    """Features and labels of the candidates of one question."""
    assert question.fingerprint is not None
    near = index.near(question.fingerprint.exported)
    right = near.places == (-1 if question.work is None else question.work)
    told = np.array([yes or not question.source.related(set_.works[place][0]) for yes, place in zip(right, near.places, strict=True)], bool)
    near, right = near.pick(told), right[told]
    one = thumbs.unpacked([question.fingerprint.private])[0]
    turned = np.array([codes.turn(one, int(how)) for how in near.turns], np.float32).reshape(-1, thumbs.SIDE, thumbs.SIDE)
    return thumbs.features(turned, small[near.places], near.distances), right.astype(np.float64)


def fitted(rows: Rows, right: Rows, hold: float = HOLD) -> tuple[Rows, float]:
    """Weights and offset of a logistic regression, by Newton's steps on standardised features; ``hold`` keeps weights small."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    columns = np.hstack([(rows - middle) / spread, np.ones((len(rows), 1))])
    held = np.full(columns.shape[1], hold * len(rows) / 100)
    held[-1] = 0
    weights = np.zeros(columns.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (chance - right) + held * weights
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(held) + 1e-9 * np.eye(len(held))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    scaled = weights[:-1] / spread
    return scaled, float(weights[-1] - scaled @ middle)


if __name__ == "__main__":
    main()
