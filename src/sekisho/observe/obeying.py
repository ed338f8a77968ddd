"""What a site's robots.txt lets ourselves do (RFC 9309): where we may look, and how long it wants us to rest between two looks."""

from __future__ import annotations

from typing import NamedTuple

from sekisho.formats.robots_lines import CRAWL_MEMBERS, groups
from sekisho.model import Observation
from sekisho.observe.manners import PRODUCT
from sekisho.signals.robots_groups import RobotsTxt, View, seen

CRAWL_DELAY = "crawl-delay"
"""Not in the RFC, but what operators write who want less of us."""
LONGEST_PAUSE_S = 30.0


class Leave(NamedTuple):
    """Whether anything may be asked of the site at all; under which rules; the pause it wants, in seconds."""

    granted: bool
    rules: RobotsTxt | None = None
    pause_s: float = 0.0

    def allows(self, url: str) -> bool:
        """Whether ``url`` may be asked for."""
        return self.granted and (self.rules is None or self.rules.allows(PRODUCT, url))


def leave(robots: Observation) -> Leave:
    """What ``robots``, the observation of a robots.txt, leaves us: nothing when it is unreachable (section 2.3.1.4), all when there is none.

    A server that wants fewer requests (429) is asked no more either.
    """
    rules = seen(robots)
    if rules is None:
        return Leave(robots.absent and robots.status != 429)
    return Leave(True, rules, _pause(rules))


def _pause(rules: RobotsTxt) -> float:
    if not any(line.key == CRAWL_DELAY for line in rules.lines):
        return 0.0
    _, speaking = View(groups(rules.lines, CRAWL_MEMBERS | {CRAWL_DELAY})).select(PRODUCT)
    said = [line.value.decode("latin-1") for group in speaking for line in group.members if line.key == CRAWL_DELAY]
    return max((min(float(value), LONGEST_PAUSE_S) for value in said if value.replace(".", "", 1).isdecimal()), default=0.0)
