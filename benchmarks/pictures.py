"""Recognising whole pictures: what is found and falsely found on parts that nothing was tuned on, how fast, how large. ``python -m benchmarks.pictures``

Speeds are ratios to something everybody knows, measured in turns in the same run: a plain JPEG decode, a scan of all codes, one process.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import simplejpeg
from PIL import Image

from benchmarks.picture_edits import encoded
from benchmarks.picture_questions import Exam, Question, exam
from benchmarks.picture_sources import packages
from sekisho.fingerprints import Content, Row, codes, exact, image, thumbs
from sekisho.works import Works, scanning

SEED = 7
SCORES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
MILLION = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=1100)
    parser.add_argument("--copies", type=int, default=60, help="altered copies for each edit")
    parser.add_argument("--strangers", type=int, default=1000, help="pictures that are not registered, each asked twice")
    parser.add_argument("--parts", nargs="*", default=["held-out", "apart"])
    args, _ = parser.parse_known_args()
    for part in args.parts:
        set_ = exam(part, args.works, args.copies, args.strangers, SEED)
        recognition(part, set_)
        rebuilding(set_)
    speed()


def recognition(part: str, set_: Exam) -> None:
    """Print what is found of each edit where one in a thousand strangers is falsely recognised, and what a threshold brings and costs."""
    with tempfile.TemporaryDirectory() as folder:
        image.build([Row(place, made) for place, (_, made) in enumerate(set_.works)], Path(folder))
        answers = [(question, *answer(question, set_, image.load(Path(folder)))) for question in set_.questions]
    strangers = sorted((best for question, best, _ in answers if question.work is None), reverse=True)
    threshold = strangers[max(1, len(strangers) // 1000)]
    copies = [(question, best, own) for question, best, own in answers if question.work is not None]
    print(
        f"{part}: {len(set_.works)} registered ({set_.refused} refused: too little in them), {len(copies)} copies, {len(strangers)} strangers"
    )
    print(
        f"  one false answer in 1,000 at score {threshold:.3f}; the five strongest: {', '.join(f'{score:.3f}' for score in strangers[:5])}"
    )
    edits = defaultdict(list)
    for question, best, own in copies:
        edits[question.edit].append((own > threshold, own >= best and own > 0))
    for edit, told in edits.items():
        print(f"  {edit:14} found {np.mean([one for one, _ in told]):.3f}  first {np.mean([first for _, first in told]):.3f}")
    print(f"  {'all':14} found {np.mean([one for told in edits.values() for one, _ in told]):.3f}")
    for score in SCORES:
        found, false = np.mean([own >= score for _, _, own in copies]), np.mean([best >= score for best in strangers])
        print(f"  threshold {score:.2f}: found {found:.4f}, strangers recognised {1000 * false:.2f} in 1,000")


def answer(question: Question, set_: Exam, segment: image.Pictures) -> tuple[float, float]:
    """The best score among unrelated works or the right one, and the score of the right one."""
    if question.fingerprint is None:
        return 0.0, 0.0
    hits = {hit.file: hit.likeness.score for hit in reversed(segment.search(question.fingerprint))}
    counted = [score for place, score in hits.items() if place == question.work or not question.source.related(set_.works[place][0])]
    return max(counted, default=0.0), 0.0 if question.work is None else hits.get(question.work, 0.0)


def rebuilding(set_: Exam) -> None:
    """Print how much of a picture can be drawn from what is exported, beside what the private tier shows: correlation with 24 by 24 true grays."""
    waves = codes.cosines(thumbs.SIDE)
    alike = []
    for _, made in set_.works[:300]:
        signs = np.unpackbits(np.frombuffer(made.exported, np.uint8), bitorder="little").reshape(codes.ORDER, codes.ORDER) * 2.0 - 1
        falling = signs / np.hypot(*np.mgrid[1 : codes.ORDER + 1, 1 : codes.ORDER + 1])  # pictures have more of the low frequencies
        alike.append(np.corrcoef((waves.T @ falling @ waves).ravel(), thumbs.unpacked([made.private]).ravel())[0, 1])
    low, middle, high = np.quantile(alike, [0.1, 0.5, 0.9])
    print(f"  rebuilt from the exported tier: correlation {middle:.2f} with 24 by 24 grays (tenth {low:.2f}, nine tenths {high:.2f})")


def speed() -> None:
    """Print the ratios."""
    raw = megapixel()
    quickest, decode, print_, whole = in_turns(
        60,
        lambda: simplejpeg.decode_jpeg(raw, "RGB", fastdct=True, fastupsample=True),
        lambda: simplejpeg.decode_jpeg(raw),
        lambda: fingerprints(Content(raw, "image")),
        lambda: scanning.iscc_of(fingerprints(Content(raw, "image"))),
    )
    print(f"fingerprinting a 1-megapixel JPEG ({len(raw) // 1000} kB), in decodes (in decodes at the decoder's quickest setting):")
    print(f"  {print_ / decode:.2f} ({print_ / quickest:.2f}); with its ISCC code {whole / decode:.2f} ({whole / quickest:.2f})")
    lookup()
    registration()


def fingerprints(content: Content) -> Content:
    """``content``, after both fingerprints were made of it."""
    exact.of(content)
    image.of(content)
    return content


def megapixel() -> bytes:
    """A photograph of 1 megapixel as a JPEG of quality 88."""
    folder = packages("common") / "wallpapers"
    path = min(folder.glob("*/contents/images/*.jpg"))
    with Image.open(path) as picture:
        return encoded(picture.convert("RGB").resize((1155, 866)), 88)


def in_turns(rounds: int, *tasks: Callable[[], object]) -> list[float]:
    """The median seconds of processor time of each task, all of them taken in turns so that a busy machine is unkind to all alike."""
    taken: list[list[float]] = [[] for _ in tasks]
    for _ in range(rounds):
        for times, task in zip(taken, tasks, strict=True):
            start = time.thread_time()
            task()
            times.append(time.thread_time() - start)
    return [statistics.median(times) for times in taken]


def lookup() -> None:
    """Print what one look-up among a million codes costs beside a scan of them, and the size of the index."""
    rng = np.random.default_rng(SEED)
    table = rng.integers(0, 2**64, (MILLION, 4), dtype=np.uint64)
    with tempfile.TemporaryDirectory() as folder:
        codes.build(table.tobytes(), Path(folder))
        index = codes.load(Path(folder))
        assert index.lists is not None
        asked = iter([rng.integers(0, 2**64, 4, dtype=np.uint64).tobytes() for _ in range(2000)])
        lists = index.lists
        exactly, wide, scan, one_form, plain = in_turns(
            15,
            lambda: codes.pictures.lookup(index.codes, codes.forms(next(asked)), lists, flips=1, most=codes.EXACT_WITHIN, room=64),
            lambda: index.near(next(asked)),
            lambda: codes.pictures.scan(index.codes, codes.forms(next(asked)), codes.EXACT_WITHIN, 64),
            lambda: np.bitwise_count(index.codes ^ table[0]).sum(axis=1),
            index.codes.sum,
        )
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / MILLION + 288 + 4 + 2 * exact.KEY.itemsize
    print(f"one look-up of 8 forms among 1,000,000 codes, exact within {codes.EXACT_WITHIN} bits: {1000 * exactly:.2f} ms")
    print(
        f"  scan of 8 forms / look-up {scan / exactly:.0f}, numpy scan of one form / look-up {one_form / exactly:.0f}, plain read / look-up {plain / exactly:.1f}"
    )
    print(
        f"  the wider look where nothing is near: {1000 * wide:.2f} ms, scan / wider look {scan / wide:.0f}; index {size:.0f} bytes a picture"
    )


def registration() -> None:
    """Print how much faster two processes register than one."""
    with tempfile.TemporaryDirectory() as folder:
        raw = megapixel()
        with Image.open(io.BytesIO(raw)) as picture:
            for place in range(1500):
                turned = picture.rotate(place % 7, expand=False)
                turned.putpixel((place % 800, place % 800), (place % 256, place // 256, 0))
                Path(folder, f"p{place:04}.jpg").write_bytes(encoded(turned, 88))
        taken = {}
        for workers in (1, 2):
            start = time.perf_counter()
            Works.open(Path(folder, f"store{workers}")).register(*sorted(Path(folder).glob("p*.jpg")), holder="A", workers=workers)
            taken[workers] = time.perf_counter() - start
    print(f"registering 1,500 pictures: two processes {taken[1] / taken[2]:.2f} times as fast as one ({1500 / taken[1]:.0f} a second)")


if __name__ == "__main__":
    main()
