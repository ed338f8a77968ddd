"""Builds a Japanese corpus of works that are free in every country asked, with a receipt for each decision.

    python examples/aozora/build_corpus.py CHECKOUT OUT --country JP,EU,US --on 2026-11-22

CHECKOUT is a folder with ``works.csv`` (columns work_id, title, author, death, role, first_publication, text_file) and the text files it names.
OUT gets ``corpus.jsonl`` (the works, with the colophon that the library asks to keep) and ``receipts.jsonl`` (one line a work and country).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sekisho import protection
from sekisho.formats import reading
from sekisho.protection import Status, Term

YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def works(checkout: Path) -> Iterator[dict[str, str]]:
    """The rows of the catalogue whose file is there."""
    with (checkout / "works.csv").open(encoding="utf-8-sig", newline="") as lines:
        yield from (row for row in csv.DictReader(lines) if (checkout / row["text_file"]).is_file())


def terms_of(row: dict[str, str], countries: list[str], on: date) -> list[Term]:
    """Until when the work is protected in each country. Its first publication is the first year named; where there is none it stays unknown."""
    year = YEAR.search(row["first_publication"])
    work = protection.work_of({"died": row["death"] or None, "published": year[1] if year else None, "origin": "JP"})
    return [protection.term(work, country, on) for country in countries]


def entry(row: dict[str, str], raw: bytes) -> dict[str, str]:
    """A work as the corpus holds it: the running text, and the colophon beside it."""
    found = reading.read(raw)
    colophon = found.matter[-1].strip() if found.matter else ""
    return {"id": row["work_id"], "title": row["title"], "author": row["author"], "text": found.text.strip(), "colophon": colophon}


def build(checkout: Path, out: Path, countries: list[str], on: date, lang: str = "en") -> Counter[str]:
    """Write corpus and receipts; how many works were looked at, are free in each country, and in all of them."""
    counts: Counter[str] = Counter()
    out.mkdir(parents=True, exist_ok=True)
    with (out / "corpus.jsonl").open("w", encoding="utf-8") as corpus, (out / "receipts.jsonl").open("w", encoding="utf-8") as receipts:
        for row in works(checkout):
            terms = terms_of(row, countries, on)
            free = [term.country for term in terms if term.status is Status.PUBLIC_DOMAIN]
            counts.update(["looked at", *free, *(["free in all"] if len(free) == len(countries) else [])])
            for term in terms:
                print(json.dumps({"id": row["work_id"], **protection.record_of(term, lang)}, ensure_ascii=False), file=receipts)
            if len(free) == len(countries):
                print(json.dumps(entry(row, (checkout / row["text_file"]).read_bytes()), ensure_ascii=False), file=corpus)
    return counts


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("checkout", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--country", default="JP,EU,US")
    options.add_argument("--on", type=date.fromisoformat, default=datetime.now(UTC).date())
    options.add_argument("--lang", choices=["en", "ja"], default="en")
    chosen = options.parse_args()
    for name, number in build(chosen.checkout, chosen.out, chosen.country.split(","), chosen.on, chosen.lang).items():
        print(f"{name:12} {number}")


if __name__ == "__main__":
    main()
