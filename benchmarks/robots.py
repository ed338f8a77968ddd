"""robots.txt decisions against protego, and all statements of a cached file: ``python -m benchmarks.robots``.

Both parsers hold the parsed file; what is timed is one decision for one agent and one address, the way a loop over rows asks it. The ratio is
taken within each round, so that a busy machine slows both. Then every statement that one cached file makes, all training tokens asked, against
the promise of 20,000 addresses a second and core.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from protego import Protego

from sekisho import signals
from sekisho.model import Ask, Observation, Source
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
ADDRESSES = 400
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


def main() -> None:
    """Print the figures."""
    for name, body in FILES.items():
        compare(name, body)
    for name, body in FILES.items():
        statements(name, body)


if __name__ == "__main__":
    main()
