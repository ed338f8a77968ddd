"""Builds an examination as files: registered pictures, altered copies of some, altered pictures of others. ``python -m benchmarks.picture_exam --part tuning FOLDER``

FOLDER gets ``works/N.jpg``, ``questions/N.jpg`` and ``exam.json``, from a seed. Parts: ``tuning`` is there to be looked at and tuned on; ``held-out`` and
``apart`` are not (see ``picture_sources``). The rules of what counts neither way stand in ``Asked.excused`` and ``picture_rules``; they were written
before any answer was looked at.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, islice
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from benchmarks.picture_edits import encoded
from benchmarks.picture_questions import distinct
from benchmarks.picture_scenes import COMPANIONS, GROUND, SCENES
from benchmarks.picture_sources import Source, grounds, opened, sources, strangers

LONGEST = 512
GAMES = "apart"
FAINTEST = 10.0  # standard deviation of the grays of a picture that shows something


@dataclass(frozen=True, slots=True)
class Size:
    """How many pictures: registered and asked about, registered beside them, not registered; altered copies of each edit."""

    works: int = 1700
    beside: int = 500
    strangers: int = 1500
    copies: int = 60


QUICK = Size(works=160, beside=40, strangers=150, copies=6)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its file's number, what was done, the registered picture it was made of (None: none), and every picture that is in it."""

    number: int
    edit: str
    work: int | None
    shown: tuple[Source, ...]

    def excused(self, work: Source) -> bool:
        """Whether an answer counts neither way: anything shown is by the creator of ``work`` or a variant of it by name."""
        return any(one.related(work) for one in self.shown)


@dataclass(frozen=True, slots=True)
class Exam:
    """The registered pictures in order and the questions; the files lie in ``folder``."""

    folder: Path
    part: str
    works: list[Source]
    questions: list[Asked]

    def work_path(self, place: int) -> Path:
        return self.folder / "works" / f"{place:05d}.jpg"

    def question_path(self, asked: Asked) -> Path:
        return self.folder / "questions" / f"{asked.number:05d}.jpg"


def build(part: str, size: Size, seed: int, folder: Path, workers: int = 2) -> Exam:
    """The examination of ``part`` in ``folder``: drawn once, then read from there while part, size and seed stay the same."""
    stamp = {"part": part, "size": asdict(size), "seed": seed}
    if (folder / "exam.json").exists():
        exam, kept = load(folder)
        if kept == stamp:
            return exam
    for name in ("works", "questions"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    exam = Exam(folder, part, *drawn(part, size, np.random.default_rng(seed)))
    jobs = [(exam.work_path(place), "none", (source,), seed) for place, source in enumerate(exam.works)]
    jobs += [(exam.question_path(asked), asked.edit, asked.shown, seed + 1 + asked.number) for asked in exam.questions]
    with Pool(workers) as pool:
        pool.starmap(save, jobs, chunksize=16)
    save_list(exam, stamp)
    return exam


def drawn(part: str, size: Size, rng: np.random.Generator) -> tuple[list[Source], list[Asked]]:
    """Which pictures are registered, and what is asked. Pictures that stand around another are never registered ones."""
    registered, wanted_in_all = size.works + size.beside, size.works + size.beside + size.strangers // 2
    found = list(islice(telling(distinct(candidates(part))), wanted_in_all))
    count = len(found) * registered // wanted_in_all
    works, left = found[:count], found[count:]
    others = [*left, *islice(telling(distinct(strangers(part))), max(size.strangers - len(left), 0))]
    around = Around(others, [source for source, _ in distinct(grounds(part))], rng)
    asked_about = min(size.works, count)
    wanted = [(edit, int(place)) for edit in SCENES for place in rng.choice(asked_about, min(size.copies, asked_about), replace=False)]
    unknown = [(str(edit), source) for source in others for edit in rng.choice(list(SCENES), 2, replace=False)]
    asked = [Asked(number, edit, place, (works[place], *around.for_(edit))) for number, (edit, place) in enumerate(wanted)]
    asked += [Asked(number, edit, None, (source, *around.for_(edit))) for number, (edit, source) in enumerate(unknown, len(asked))]
    return works, asked


class Around(NamedTuple):
    """What may stand around a picture; nothing of it is registered."""

    others: list[Source]
    photographs: list[Source]
    rng: np.random.Generator

    def for_(self, edit: str) -> list[Source]:
        """The pictures that an edit needs beside its own."""
        pool, count = (self.photographs, 1) if edit in GROUND else (self.others, COMPANIONS.get(edit, 0))
        return [pool[int(place)] for place in self.rng.choice(len(pool), count, replace=False)] if count else []


def candidates(part: str) -> list[Source]:
    """What may be registered: of the games' part the engravings too, of all parts three photographs for each that chance would bring."""
    drawn_first = sources(part) if part != GAMES else [*chain(*zip(sources("engravings"), sources(GAMES), strict=False))]
    photographs = [one for one in drawn_first if not one.drawing]
    drawings = [one for one in drawn_first if one.drawing]
    every = max(len(drawings) // max(len(photographs), 1) // 3, 1)
    mixed = chain.from_iterable(
        [*photographs[place : place + 1], *drawings[place * every : (place + 1) * every]] for place in range(len(drawings))
    )
    return list(mixed)


def telling(found: Iterable[tuple[Source, Image.Image]]) -> Iterator[Source]:
    """Those pictures that show something: much of the drawings' package is white on transparent, which is nothing at all on white."""
    return (source for source, picture in found if np.asarray(picture.convert("L")).std() >= FAINTEST)


def save(path: Path, edit: str, shown: tuple[Source, ...], seed: int) -> None:
    """Write one picture: as it is to be registered, or altered and saved once more on the way."""
    rng = np.random.default_rng(seed)
    pictures = [picture for picture in map(opened, shown) if picture is not None]
    if path.parent.name == "questions":
        pictures[0].thumbnail((LONGEST, LONGEST))
        altered, quality = SCENES[edit](pictures[0], rng, pictures[1:]), int(rng.integers(60, 95))
    else:
        altered, quality = pictures[0], 92
    path.write_bytes(encoded(altered, quality))


def save_list(exam: Exam, stamp: dict[str, object]) -> None:
    """Write what the files are."""
    places: dict[Source, int] = {}
    asked = [
        {"number": one.number, "edit": one.edit, "work": one.work, "shown": [places.setdefault(s, len(places)) for s in one.shown]}
        for one in exam.questions
    ]
    works = [places.setdefault(source, len(places)) for source in exam.works]
    known = [{"path": str(s.path), "creator": s.creator, "drawing": s.drawing} for s in places]
    (exam.folder / "exam.json").write_text(
        json.dumps({"stamp": stamp, "sources": known, "works": works, "questions": asked}, ensure_ascii=False)
    )


def load(folder: Path) -> tuple[Exam, dict[str, object]]:
    """The examination in ``folder`` and what it was built with."""
    told = json.loads((folder / "exam.json").read_text())
    known = [Source(Path(one["path"]), one["creator"], one["drawing"]) for one in told["sources"]]
    questions = [Asked(one["number"], one["edit"], one["work"], tuple(known[s] for s in one["shown"])) for one in told["questions"]]
    return Exam(folder, told["stamp"]["part"], [known[place] for place in told["works"]], questions), told["stamp"]


def command() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=["tuning", "held-out", "apart"], default="tuning")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    exam = build(args.part, QUICK if args.quick else Size(), args.seed, args.folder)
    print(f"{len(exam.works)} works, {len(exam.questions)} questions in {args.folder}")


if __name__ == "__main__":
    command()
