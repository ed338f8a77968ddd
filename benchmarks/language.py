"""Languages told on real paragraphs and on their first 40 characters, and how many times as fast as py3langid (where it is installed)."""

from __future__ import annotations

import importlib
import importlib.util
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable

from benchmarks.text_corpus import DATA
from sekisho import language

PARAGRAPHS = DATA / "langid" / "paragraphs.jsonl"
YARDSTICK = "py3langid"
ROUNDS = 5


def right(rows: list[dict[str, str]], cut: int | None) -> dict[str, float]:
    """The share of each language told rightly."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for row, found in zip(rows, language.of_many(row["text"][:cut] for row in rows), strict=True):
        hits[row["lang"]].append(found == row["lang"])
    return {lang: round(sum(each) / len(each), 4) for lang, each in hits.items()}


def times_as_fast(texts: list[str]) -> float:
    """Texts a second through those of the yardstick, median of rounds taken in turns."""
    classify = importlib.import_module(YARDSTICK).classify
    classify(texts[0])
    return statistics.median(
        timed(lambda: [classify(text) for text in texts]) / timed(lambda: language.of_many(texts)) for _ in range(ROUNDS)
    )


def timed(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def main() -> None:
    if not PARAGRAPHS.exists():
        print(f"left out: the paragraphs are not at {PARAGRAPHS}")
        return
    rows = [json.loads(line) for line in PARAGRAPHS.read_text(encoding="utf-8").splitlines()]
    print("whole paragraphs", right(rows, None))
    print("40 characters   ", right(rows, 40))
    if importlib.util.find_spec(YARDSTICK):
        print(f"times as fast as {YARDSTICK}: {times_as_fast([row['text'] for row in rows]):.1f}")


if __name__ == "__main__":
    main()
