"""Registered pictures and questions about them: altered copies of some, altered pictures that are not registered; all from a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from PIL import Image

from benchmarks.picture_edits import EDITS, encoded
from benchmarks.picture_sources import Source, opened, sources
from sekisho.fingerprints import Content, Fingerprint, image

LONGEST = 512


@dataclass(frozen=True, slots=True)
class Question:
    """The fingerprint of an altered picture; ``work`` is the place of the registered one, None when it is not registered."""

    edit: str
    source: Source
    work: int | None
    fingerprint: Fingerprint | None
    """None: too little is left in it."""


@dataclass(frozen=True, slots=True)
class Exam:
    """Registered pictures with their fingerprints, and the questions; ``refused`` pictures had too little in them to be registered."""

    works: list[tuple[Source, Fingerprint]]
    questions: list[Question]
    refused: int


def exam(part: str, works: int, copies: int, strangers: int, seed: int) -> Exam:
    """``works`` registered pictures of ``part``, ``copies`` of each edit, and each edit of as many of ``strangers`` others as make two a picture."""
    rng = np.random.default_rng(seed)
    found = list(islice(readable(part), works + strangers))
    count = min(works, 2 * len(found) // 3)
    kept = [(source, print_of(picture)) for source, picture in found[:count]]
    registered = [(source, made) for source, made in kept if made is not None]
    pictures = [picture for (_, picture), (_, made) in zip(found[:count], kept, strict=True) if made is not None]
    asked = [
        question(edit, registered[place][0], pictures[place], rng, place)
        for edit in EDITS
        for place in rng.choice(len(registered), min(copies, len(registered)), replace=False)
    ]
    names = list(EDITS)
    asked += [question(edit, source, picture, rng) for source, picture in found[count:] for edit in rng.choice(names, 2, replace=False)]
    return Exam(registered, asked, count - len(registered))


def readable(part: str) -> Iterator[tuple[Source, Image.Image]]:
    """The pictures of a part that can be read, each look of them once."""
    return distinct(sources(part))


def distinct(found: Iterable[Source]) -> Iterator[tuple[Source, Image.Image]]:
    """Those of ``found`` that can be read, with the picture, each look of them once."""
    seen = set()
    for source in found:
        picture = opened(source)
        if picture is None:
            continue
        look = picture.convert("L").resize((16, 16)).point(lambda value: value // 24).tobytes()
        if look not in seen:
            seen.add(look)
            yield source, picture


def question(edit: str, source: Source, picture: Image.Image, rng: np.random.Generator, work: int | None = None) -> Question:
    """An altered copy, saved once more on the way."""
    small = picture.copy()
    small.thumbnail((LONGEST, LONGEST))
    altered = EDITS[edit](small, rng)
    return Question(edit, source, None if work is None else int(work), print_of(altered, quality=int(rng.integers(60, 95))))


def print_of(picture: Image.Image, quality: int = 92) -> Fingerprint | None:
    """The fingerprint of a picture that was saved as a JPEG."""
    made = image.of(Content(encoded(picture, quality), "image"))
    return made if isinstance(made, Fingerprint) else None
