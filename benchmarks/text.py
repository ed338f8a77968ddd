"""Passage matching against real works: what is found, what is falsely found, how fast, how large. ``python -m benchmarks.text``

Speed is a ratio to decoding and NFKC-normalising the same bytes in one thread, taken in turns in the same run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import text_corpus, text_questions
from benchmarks.text_questions import Question
from sekisho.fingerprints import passages
from sekisho.fingerprints.folding import fold
from sekisho.formats.reading import aozora


class Matcher:
    """The registered works as one index, with the texts kept for checking answers."""

    def __init__(self, sources: list[text_corpus.Source], extra: list[str], folder: Path) -> None:
        self.ids = [s.id for s in sources] + [f"invented-{n}" for n in range(len(extra))]
        texts = [fold(text) for text in [s.text for s in sources] + extra]
        matter = [fold(part) for s in sources if s.language == "ja" for part in aozora.read(s.raw).matter]
        self.folded = ["".join(map(chr, t.codes)) for t in texts]
        self.characters = sum(len(t.codes) for t in texts)
        start = time.perf_counter()
        passages.build((passages.kept(n, t) for n, t in enumerate(texts)), folder, passages.common_seeds(matter))
        self.build_s = time.perf_counter() - start
        self.volumes = passages.load(folder)
        self.bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def find(self, text: str | bytes, limits: passages.Limits = passages.LIMITS) -> list[passages.Passage]:
        folded = fold(text)
        return [one for volume in self.volumes for one in volume.passages(folded, limits)]

    def truly(self, text: str, found: passages.Passage) -> bool:
        """True when both share a long run word for word: then it is no false answer, wherever it came from."""
        codes = "".join(map(chr, fold(text[slice(*found.text)]).codes))
        run = 24 if sum(ord(c) >= 0x2E80 for c in codes) * 2 > len(codes) else 50
        return any(codes[at : at + run] in self.folded[found.file] for at in range(len(codes) - run + 1))


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def measure(matcher: Matcher, questions: list[Question], verbose: bool) -> dict[str, float]:
    found_by: dict[str, list[bool]] = defaultdict(list)
    false_by: dict[str, list[bool]] = defaultdict(list)
    overlaps, right, wrong = [], 0, 0
    for question in questions:
        answers = matcher.find(question.text)
        mine = [one for one in answers if matcher.ids[one.file] == question.source]
        others = [one for one in answers if matcher.ids[one.file] != question.source and not matcher.truly(question.text, one)]
        right += len(answers) - len(others)
        wrong += len(others)
        for one in others if verbose else []:
            print("   wrong:", question.kind, round(one.points), one.codes, question.text[slice(*one.text)].replace("\n", "/")[:90])
        if not question.source:
            false_by[question.kind].append(bool(others))
            continue
        best = max((overlap(one.text, question.span) for one in mine), default=0.0)
        overlaps.append(best)
        found_by["all"].append(best > 0)
        found_by["edition" if question.kind == "edition" else f"noise {question.noise:.0%}"].append(best > 0)
        found_by[question.language].append(best > 0)
        found_by[question.kind].append(best > 0)
        if verbose and not best:
            print(
                "   missed:", question.kind, question.noise, question.length, question.text[slice(*question.span)].replace("\n", "/")[:60]
            )
    out = {f"recall {key}": sum(hits) / len(hits) for key, hits in found_by.items()}
    out |= {f"false {key}": sum(hits) / len(hits) for key, hits in false_by.items()}
    return out | {"precision": right / max(right + wrong, 1), "overlap median": statistics.median(overlaps)}


def ratio(matcher: Matcher, texts: list[bytes], rounds: int = 7) -> float:
    """Scan time through yardstick time, median of rounds taken in turns."""
    ratios = []
    for _ in range(rounds):
        yard = timed(lambda: [unicodedata.normalize("NFKC", raw.decode()) for raw in texts])
        ratios.append(timed(lambda: [matcher.find(raw) for raw in texts]) / yard)
    return statistics.median(ratios)


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of this thread: what others do on the machine counts little."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def latency_p99_ms(matcher: Matcher, questions: list[Question]) -> float:
    return float(np.percentile([timed(lambda q=q: matcher.find(q.text[:800])) * 1000 for q in questions], 99))


def report(title: str, figures: dict[str, float]) -> None:
    print(title)
    for key, value in figures.items():
        print(f"  {key:24} {value:.4f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--invented", type=int, default=0, help="invented works beside the real ones")
    options.add_argument("--questions", type=int, default=600)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--held-out", action="store_true", help="ask from the half that tuning never sees")
    options.add_argument("--verbose", action="store_true")
    chosen = options.parse_args()
    if not text_corpus.DATA.is_dir():
        print(f"left out: the texts are not at {text_corpus.DATA}")
        return
    sources = text_corpus.works()
    registered = text_questions.registered_works(sources)
    asked = [s for s in registered if s.held_out == chosen.held_out]
    around = [s for s in sources if s.held_out == chosen.held_out or s.part == text_corpus.REGISTERED]
    rng = random.Random(chosen.seed)
    questions = text_questions.positives(around, asked, chosen.questions, rng)
    questions += text_questions.editions(around, asked, chosen.questions // 6, rng)
    questions += text_questions.negatives(around, asked, chosen.questions, rng)
    extra = text_corpus.invented(sources, chosen.invented, 14000, seed=7)
    with tempfile.TemporaryDirectory() as folder:
        matcher = Matcher(registered, extra, Path(folder))
        print(
            f"{len(matcher.ids)} works, {matcher.characters} folded characters, built in {matcher.build_s:.2f} s, {matcher.bytes / matcher.characters:.2f} bytes a character"
        )
        report("quality", measure(matcher, questions, chosen.verbose))
        texts = {lang: [q.text.encode() for q in questions if lang in (q.language, "mixed")] for lang in ("ja", "en", "mixed")}
        texts["unrelated"] = [q.text.encode() for q in questions if q.kind == "unrelated"]
        report("time ratio", {lang: ratio(matcher, raws) for lang, raws in texts.items()})
        report("latency", {"p99 of 800 characters, ms": latency_p99_ms(matcher, questions)})


if __name__ == "__main__":
    main()
