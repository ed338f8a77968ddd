"""Recognising a picture in anything: 27 edits, ours beside PDQ, pHash, ISCC and ORB in one run. ``python -m benchmarks.parts``

Prints for each part of the data (``picture_exam``) under three rules of what counts neither way (``picture_scores``): uAP, the share of altered copies found
where no answer is false and where one in 1,000 strangers is recognised, top-1; then by edit, how far the score can be believed, and what it costs.
``--quick`` takes minutes, the whole hours. ``--parts tuning`` is for tuning: nothing else may be looked at meanwhile. The pictures and all answers
stay in ``--folder`` (``answers/METHOD.json``). Needs the group ``bench`` of ``pyproject.toml``, which ``make bench`` installs.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path

from benchmarks import picture_exam, picture_scores
from benchmarks.picture_costs import costs
from benchmarks.picture_exam import Exam
from benchmarks.picture_methods import Method, Told, methods
from benchmarks.picture_scores import RULES, Counted, Worth
from benchmarks.picture_sources import CACHE

SEED = 20261122
SHARED = "shared-part"
asked_method: Method


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="*", default=["held-out", "apart"], choices=["tuning", "held-out", "apart"])
    parser.add_argument("--folder", type=Path, default=CACHE.parent / "exams")
    parser.add_argument("--quick", action="store_true", help="a tenth of the pictures and copies")
    parser.add_argument("--works", type=int, help="registered pictures that are asked about")
    parser.add_argument("--beside", type=int, help="registered pictures beside them")
    parser.add_argument("--strangers", type=int, help="pictures that are not registered, each asked twice")
    parser.add_argument("--copies", type=int, help="altered copies for each edit")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many questions")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--methods", nargs="*", help="only those whose name begins with one of these words")
    parser.add_argument("--again", action="store_true", help="also ask again what is answered already (ours is always asked again)")
    parser.add_argument("--workers", type=int, default=2)
    args, _ = parser.parse_known_args()
    usual = picture_exam.QUICK if args.quick else picture_exam.Size()
    size = picture_exam.Size(*(getattr(args, name) or getattr(usual, name) for name in ("works", "beside", "strangers", "copies")))
    os.nice(5)
    for part in args.parts:
        exam = picture_exam.build(part, size, args.seed, args.folder / f"{part}{'-quick' if args.quick else ''}", args.workers)
        exam = replace(exam, questions=exam.questions[:: args.every])
        wanted = [one for one in methods(exam.folder / "store") if not args.methods or one.name.lower().startswith(tuple(args.methods))]
        report(exam, {one.name: answered(exam, one, args.workers, args.again) for one in wanted})
    costs()


def answered(exam: Exam, method: Method, workers: int, again: bool) -> dict[int, list[Told]]:
    """The answers of ``method`` by the number of the question; what others answered before is read again."""
    kept = exam.folder / "answers" / f"{method.name}.json"
    made = (exam.folder / "exam.json").stat().st_mtime
    if not again and method.name != "Sekisho" and kept.exists() and kept.stat().st_mtime > made:
        known = {int(number): [Told(*one) for one in told] for number, told in json.loads(kept.read_text()).items()}
        if all(asked.number in known for asked in exam.questions):
            return known
    method.learn([exam.work_path(place) for place in range(len(exam.works))])
    with Pool(workers, initializer=meet, initargs=(method,)) as pool:
        told = pool.map(answer, [exam.question_path(asked) for asked in exam.questions], chunksize=8)
    found = {asked.number: list(one) for asked, one in zip(exam.questions, told, strict=True)}
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(found))
    return found


def meet(method: Method) -> None:
    """Have a worker ask ``method``."""
    global asked_method  # noqa: PLW0603 - a pool's workers know only what their module knows
    asked_method = method


def answer(path: Path) -> list[Told]:
    """The answers of the method that this worker asks."""
    return asked_method.answers(path)


def report(exam: Exam, answers: dict[str, dict[int, list[Told]]]) -> None:
    """Print what the answers of each method are worth."""
    strangers = sum(asked.work is None for asked in exam.questions)
    print(f"\n{exam.part}: {len(exam.works)} registered, {len(exam.questions) - strangers} altered copies, {strangers} strangers")
    pairs = {name: picture_scores.readings(exam, told) for name, told in answers.items()}
    if "Sekisho" in pairs:
        pairs["Sekisho, claims"] = {rule: claims(found) for rule, found in pairs["Sekisho"].items()}
    figures = {name: {rule: picture_scores.worth(exam, found) for rule, found in one.items()} for name, one in pairs.items()}
    print(f"{'':16} {'uAP':>7}   found at 0 false / at 1 in 1,000, by what counts neither way" + f"{'top-1':>10}")
    print(f"{'':16} {'':>7}   " + "".join(f"{rule:^20}" for rule in RULES))
    for name, by_rule in figures.items():
        both = "".join(f"{one.found_at_zero:>9.3f} / {one.found_at_thousandth:.3f}   " for one in by_rule.values())
        print(f"{name:16} {by_rule['related'].uap:>7.4f}   {both}{by_rule['related'].first:>8.3f}")
    by_edit({name: by_rule["related"] for name, by_rule in figures.items()})
    if "Sekisho" in pairs:
        believable(pairs["Sekisho, claims"]["related"])


def claims(pairs: list[Counted]) -> list[Counted]:
    """Without answers that say only that a part is shared, which tighten nothing; right ones of that kind are lost with the wrong ones."""
    return [one for one in pairs if one.told.level != SHARED]


def by_edit(figures: dict[str, Worth]) -> None:
    """Print for each edit: found at 0 false / at 1 in 1,000 / first."""
    print("\nby edit: found at 0 false / where 1 in 1,000 strangers is recognised / first, in per cent")
    print(f"{'':14}" + "".join(f"{name:^16}" for name in figures))
    for edit in next(iter(figures.values())).by_edit:
        shown = (" / ".join(f"{100 * share:.0f}" for share in one.by_edit[edit]) for one in figures.values())
        print(f"{edit:14}" + "".join(f"{text:^16}" for text in shown))


def believable(pairs: list[Counted]) -> None:
    """Print what share of the answers is right, by tenths of the score, and in the band that the target names."""
    print("\nscore: answers, mean score, share that is right")
    names = [f"{low:.1f} to {low + 0.1:.1f}" for low in picture_scores.TENTHS[:-1]]
    for name, tenth in zip(names, picture_scores.reliability(pairs), strict=True):
        print(f"  {name:12} {tenth.count:>6} {tenth.score:>6.3f} {tenth.right:>6.3f}")
    band = picture_scores.reliability([one for one in pairs if 0.8 <= one.told.score <= 0.95], (0.8, 0.951))[0]
    print(f"  {'0.80 to 0.95':12} {band.count:>6} {band.score:>6.3f} {band.right:>6.3f}")


if __name__ == "__main__":
    main()
