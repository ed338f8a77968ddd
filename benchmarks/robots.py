"""robots.txt decisions against protego, and all statements of a cached file: ``python -m benchmarks.robots``.

Both parsers hold the parsed file; what is timed is one decision for one agent and one address, the way a loop over rows asks it. The ratio is
taken within each round, so that a busy machine slows both. Then every statement that one cached file makes, all training tokens asked; and whole
columns of addresses against all cached sources of their sites, the way ``clear`` asks, against the promise of 20,000 addresses a second and core.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from protego import Protego

from sekisho import hosts, signals
from sekisho.hosts import Recorded
from sekisho.locations import Inquiry, Locations, Readings
from sekisho.model import Ask, Axis, Observation, Source
from sekisho.signals import robots

AGENTS = ("GPTBot", "CCBot", "ClaudeBot", "Google-Extended", "Bytespider", "Applebot-Extended", "meta-externalagent", "img2dataset")
WORDS = (
    "art",
    "blog",
    "en",
    "ja",
    "images",
    "shop",
    "tag",
    "search",
    "wp-admin",
    "private",
    "2024",
    "article",
    "manga",
    "news",
    "user",
    "feed",
)
ROUNDS = 7
ADDRESSES, COLUMN = 400, 200_000
ON = date(2026, 11, 22)
RNG = random.Random(9309)


def path(words: int) -> str:
    """A path of so many folders."""
    return "/" + "/".join(RNG.choice(WORDS) for _ in range(words))


def file(groups: int, rules: int) -> bytes:
    """A robots.txt of so many groups with so many rules each, a sixth of them with wildcards."""
    lines = []
    for agent in ("*", *AGENTS)[:groups]:
        lines.append(f"User-agent: {agent}")
        for _ in range(rules):
            pattern = path(RNG.randint(1, 3)) + RNG.choice(["/", "", "/*.jpg$", "/*?id=", "/", "-x"])
            lines.append(f"{RNG.choice(['Disallow', 'Disallow', 'Disallow', 'Allow'])}: {pattern}")
    return "\n".join([*lines, "Sitemap: https://a.example/sitemap.xml"]).encode()


FILES = {
    "one group, 5 rules": file(1, 5),
    "one group, 60 rules": file(1, 60),
    "nine groups, 12 rules": file(9, 12),
    "one group, 600 rules": file(1, 600),
}


def seconds(decide: Callable[[str, str], object], addresses: list[str]) -> float:
    """What all decisions take, in CPU time."""
    start = time.process_time()
    for url in addresses:
        for agent in AGENTS:
            decide(agent, url)
    return time.process_time() - start


def compare(name: str, body: bytes) -> None:
    """Times both on one file and prints the middle ratio."""
    addresses = [f"https://a.example{path(RNG.randint(1, 5))}{RNG.choice(['', '/1.jpg', '?id=7'])}" for _ in range(ADDRESSES)]
    other, ours = Protego.parse(body.decode()), robots.parse(body)
    differing = sum(other.can_fetch(url, agent) is not ours.allows(agent, url) for url in addresses for agent in AGENTS)
    times = [(seconds(lambda agent, url: other.can_fetch(url, agent), addresses), seconds(ours.allows, addresses)) for _ in range(ROUNDS)]
    middle = statistics.median(theirs / own for theirs, own in times)
    each_us = min(own for _, own in times) / (ADDRESSES * len(AGENTS)) * 1e6
    print(f"{name:24} {each_us:8.2f} us a decision   {middle:6.1f} x protego   {differing} decisions differ")


def statements(name: str, body: bytes) -> None:
    """Times every statement of one cached file, all training tokens asked."""
    seen = Observation("https://a.example/robots.txt", Source.ROBOTS, body)
    asks = [Ask(f"https://a.example{path(3)}") for _ in range(ADDRESSES)]
    signals.read(seen, asks[0])
    start = time.process_time()
    for ask in asks:
        signals.read(seen, ask)
    print(f"{name:24} {ADDRESSES / (time.process_time() - start):8,.0f} addresses a second, every statement of the file")


def observed(folder: Path) -> Recorded:
    """Every file as that of a site of its own, which also reserves mining, refuses pictures and trusts nobody."""
    beside = {
        "/.well-known/tdmrep.json": b'[{"location":"/art/","tdm-reservation":1},{"location":"/","tdm-reservation":0}]',
        "/ai.txt": b"User-Agent: *\nDisallow: *.jpg\nAllow: *.txt\n",
        "/trust.txt": b"datatrainingallowed=no\n",
    }
    rows = [
        {"url": f"https://s{number}.example{path}", "at": datetime(2026, 11, 1, tzinfo=UTC), "status": 200, "body": content}
        for number, body in enumerate(FILES.values())
        for path, content in {"/robots.txt": body, **beside}.items()
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "observed.parquet")
    return hosts.load([folder / "observed.parquet"], Ask())


def columns() -> None:
    """Times whole columns of addresses as ``clear`` asks about them: every statement of four sources a site, all training tokens, combined into facts."""
    urls = pa.array([f"https://s{row % len(FILES)}.example{path(RNG.randint(1, 5))}/{row}.jpg" for row in range(COLUMN)])
    with TemporaryDirectory() as folder:
        seen = observed(Path(folder))
    day = hosts.last_moment(ON)
    locations = Locations(Readings(seen, hosts.build(seen, Ask(), ON), Inquiry(Ask(), Axis.TRAIN), day))
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        locations.of(locations.split(urls))
        times.append(time.process_time() - start)
    print(
        f"{'four sites, all sources':24} {COLUMN / statistics.median(times):8,.0f} addresses a second, in columns, combined ({len(locations.heard)} answers)"
    )


def main() -> None:
    """Print the figures."""
    columns()
    for name, body in FILES.items():
        compare(name, body)
    for name, body in FILES.items():
        statements(name, body)


if __name__ == "__main__":
    main()
