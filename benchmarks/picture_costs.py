"""What registering and asking cost, in full decodes of the same 1-megapixel JPEG (simplejpeg, one thread), all taken in turns in one run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from benchmarks.picture_edits import encoded
from benchmarks.picture_methods import iscc, pdq, phash
from benchmarks.picture_questions import readable
from benchmarks.pictures import in_turns, megapixel
from sekisho.fingerprints import Content, for_media
from sekisho.works import Works

ROUNDS = 9
WORKS = 200


def costs() -> None:
    """Print them."""
    raw = megapixel()
    orb = cv2.ORB_create(500)
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one.jpg")
        path.write_bytes(raw)
        works = store(Path(folder))
        tasks: dict[str, Callable[[], object]] = {
            "decode": lambda: simplejpeg.decode_jpeg(raw, "RGB", fastdct=True, fastupsample=True),
            "pHash": lambda: phash(path),
            "ISCC": lambda: iscc(path),
            "PDQ": lambda: pdq(path),
            "ORB, 500 points at 512": lambda: points(orb, raw),
            "Sekisho, fingerprints of a work": lambda: fingerprints(raw),
            f"Sekisho, a question without a match among {WORKS}": lambda: next(works.screen([raw], "image")),
        }
        taken = dict(zip(tasks, in_turns(ROUNDS, *tasks.values()), strict=True))
        size = sum(file.stat().st_size for file in Path(folder, "store").rglob("*") if file.is_file()) / WORKS
    print(f"\ncosts in decodes of a 1-megapixel JPEG of {len(raw) // 1000} kB, decoding included")
    for name, seconds in taken.items():
        print(f"  {name:48} {seconds / taken['decode']:>6.2f}")
    print(f"  store: {size / 1000:.1f} kB a work, database and search files together")


def points(orb: cv2.ORB, raw: bytes) -> object:
    """ORB points of a picture of 512 pixels, decoded reduced."""
    gray = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_2)
    return orb.detectAndCompute(cv2.resize(gray, (512, 384), interpolation=cv2.INTER_AREA), None)


def fingerprints(raw: bytes) -> None:
    """Everything that registering computes of a picture."""
    content = Content(raw, "image")
    for part in for_media("image").values():
        part.of(content)


def store(folder: Path) -> Works:
    """A store of real drawings and photographs."""
    for place, (_, picture) in enumerate(islice(readable("tuning"), WORKS)):
        (folder / f"{place}.jpg").write_bytes(encoded(picture, 92))
    works = Works.open(folder / "store")
    works.register(*sorted(folder.glob("[0-9]*.jpg")), holder="nobody")
    next(works.screen([folder / "0.jpg"], "image"))
    return works
