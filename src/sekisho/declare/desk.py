"""The desk: reads the terms, writes every part, makes the copies, and explains all of it on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sekisho.declare import c2pa, headers, html, robots, rsl, tdmrep, texts, xmp
from sekisho.declare.copies import Copy, copies
from sekisho.declare.pages import page
from sekisho.declare.part import About, File, Part
from sekisho.declare.terms import Terms
from sekisho.errors import RunError
from sekisho.model import Observation

PARTS = cast("tuple[Part, ...]", (robots, tdmrep, texts, rsl, headers, html))
PAGES = {"README.md": "en", "README.ja.md": "ja"}


@dataclass(frozen=True, slots=True)
class Declared:
    """What was written, below ``out``: the files for the site, and what became of each media file."""

    out: Path
    files: tuple[str, ...]
    copies: tuple[Copy, ...]


def declare(terms: Terms, out: Path, media: Iterable[Path] = ()) -> Declared:
    """Write ``terms`` into the folder ``out``, and into copies of the files ``media``.

    Raises InputError for a path that is not there or a certificate that cannot sign, RunError when ``out`` holds anything already. A media file that
    cannot take the terms is left out with its reason.
    """
    if out.exists() and any(out.iterdir()):
        raise RunError(
            f"{out} is not empty. Choose another folder, so that old terms do not stay beside new ones.",
            f"{out} は空ではありません。古い条件が残らないよう、別のフォルダーを指定してください。",
        )
    made = copies(media, terms, out / "media")
    sections = [(part.ABOUT, list(part.files(terms))) for part in PARTS]
    for file in (file for _, files in sections for file in files):
        _write(out / file.path, file.content)
    named = [(about, [file.path for file in files]) for about, files in sections] + list(_media(terms, made, out))
    for name, lang in PAGES.items():
        _write(out / name, page(terms, named, lang))
    return Declared(out, tuple(name for _, names in named[: len(PARTS)] for name in names), tuple(made))


def _media(terms: Terms, made: list[Copy], out: Path) -> Iterator[tuple[About, list[str]]]:
    written = [one for one in made if one.copy]
    if made:
        yield xmp.ABOUT, [str(one.copy.relative_to(out)) for one in written if one.copy] if xmp.can_say(terms) else []
    if terms.certificate:
        yield c2pa.ABOUT, [str(one.copy.relative_to(out)) for one in written if one.copy and one.signed]


def published(terms: Terms) -> list[Observation]:
    """What a visitor sees of ``terms`` once every file for the site is in its place."""
    return [seen for file in site_files(terms) for seen in file.seen]


def site_files(terms: Terms) -> list[File]:
    """Every file for the site."""
    return [file for part in PARTS for file in part.files(terms)]


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
