"""Fits the score of a passage on the tuning half and shows on the other how far it can be relied on. ``python -m benchmarks.fit_text``

Every answer counts that earns half of the points asked for, so that there are wrong ones to learn from.
"""

from __future__ import annotations

import random
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks import text_corpus, text_questions
from benchmarks.fit_image import Rows, fitted
from benchmarks.text import Matcher
from benchmarks.text_questions import Question
from sekisho.fingerprints.passages import LIMITS, Passage
from sekisho.fingerprints.text import score
from sekisho.kernels.passages import Limits

HALF = Limits(LIMITS.dense // 2, LIMITS.sparse // 2)
INVENTED, QUESTIONS, SEED = 1430, 3000, 20261122
PLENTY = 2.0
BINS = (0.0, 0.02, 0.1, 0.5, 0.9, 0.999, 0.9999, 1.0)


def main() -> None:
    if not text_corpus.DATA.is_dir():
        print(f"left out: the texts are not at {text_corpus.DATA}")
        return
    sources = text_corpus.works()
    extra = text_corpus.invented(sources, INVENTED, 14000, seed=7)
    with tempfile.TemporaryDirectory() as folder:
        matcher = Matcher(text_questions.registered_works(sources), extra, Path(folder))
        rows, right = answers(matcher, questions(sources, held_out=False))
        (weight,), offset = fitted(rows, right)
        print(f"{len(rows)} answers, {int(right.sum())} right: WEIGHT, OFFSET = {weight:.2f}, {offset:.2f}")
        rows, right = answers(matcher, questions(sources, held_out=True))
        reliability(np.array([score(each) for each in rows[:, 0]]), right)


def questions(sources: list[text_corpus.Source], *, held_out: bool) -> list[Question]:
    """Passages and texts without one; no short quotations, which are neither."""
    asked = [s for s in text_questions.registered_works(sources) if s.held_out == held_out]
    around = [s for s in sources if s.held_out == held_out or s.part == text_corpus.REGISTERED]
    rng = random.Random(SEED)
    made = text_questions.positives(around, asked, QUESTIONS, rng) + text_questions.negatives(around, asked, QUESTIONS, rng)
    return [one for one in made if one.kind != "quotation"]


def answers(matcher: Matcher, asked: list[Question]) -> tuple[Rows, Rows]:
    """Points through points asked for of each answer, up to PLENTY (more says nothing more), and 1 where it is right."""
    found = [(question, one) for question in asked for one in matcher.find(question.text, HALF)]
    rows = np.array([[min(one.points / one.asked / 2, PLENTY)] for _, one in found])
    return rows, np.array([float(is_right(matcher, *answer)) for answer in found])


def is_right(matcher: Matcher, question: Question, one: Passage) -> bool:
    """Whether the passage was set there, or stands in both word for word."""
    return matcher.ids[one.file] == question.source or matcher.truly(question.text, one)


def reliability(scores: Rows, right: Rows) -> None:
    """How often answers of a score are right, with the shipped weights, on the half that took no part in the fit."""
    print(f"held out: mean squared error {np.mean((scores - right) ** 2):.5f}")
    for low, high in pairwise(BINS):
        inside = (scores >= low) & ((scores < high) | (high == 1.0))
        if inside.any():
            print(
                f"  {low:.4f} to {high:.4f}: {int(inside.sum()):6} answers, mean score {scores[inside].mean():.4f}, right {right[inside].mean():.4f}"
            )


if __name__ == "__main__":
    main()
