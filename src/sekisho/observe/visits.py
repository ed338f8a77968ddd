"""What is asked of a site, in which order: its robots.txt first, the other well-known files, its landing page, what those point to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sekisho import signals
from sekisho.addresses import address
from sekisho.elsewhere import elsewhere
from sekisho.model import Observation, Source
from sekisho.observe.looking import BUSY, Looker
from sekisho.observe.obeying import Leave, leave
from sekisho.observe.sources import WELL_KNOWN

ROBOTS = "/robots.txt"
ASKED = tuple(path for path, source in WELL_KNOWN.items() if source not in {Source.ROBOTS, Source.LLMS_TXT})
LANDING = "/"
MENTIONS = {Source.ROBOTS: (b"license",), Source.TDMREP: (b"tdm-policy",), Source.PAGE: (b"rsl+xml", b"tdm-policy")}
"""What a source must contain to point anywhere; looking for the words is far cheaper than reading it."""
POINTED = 32
POINTING = frozenset({"link", "tdm-policy"})


@dataclass(frozen=True, slots=True)
class Site:
    """An authority to observe: as a whole, or only the addresses ``urls``. ``instead`` is asked when nobody is there."""

    authority: str
    urls: tuple[str, ...] = ()
    whole: bool = True
    instead: str = ""

    def addresses(self) -> list[str]:
        """Everything to look at after its robots.txt."""
        known = [self.authority + path for path in (*ASKED, LANDING)] if self.whole else []
        return list(dict.fromkeys((*known, *self.urls)))


class Visit:
    """One visit to one site; ``elsewhere`` are the terms that it keeps at other authorities."""

    def __init__(self, looker: Looker) -> None:
        self._looker = looker
        self._leaves: dict[str, Leave] = {}
        self.elsewhere: list[str] = []

    async def to(self, site: Site) -> None:
        """Look at all of ``site`` that it lets us look at."""
        robots = await self._robots(site.authority)
        if robots.failure and site.instead:
            await self.to(replace(site, authority=site.instead, urls=(), instead=""))
            return
        given = self._leaves[site.authority]
        left = [*self._own(site, robots), *site.addresses()] if given.granted else []
        asked = {robots.url}
        while left:
            url = left.pop(0)
            if url in asked:
                continue
            asked.add(url)
            if not given.allows(url):
                self._looker.counts["kept from us"] += 1
                continue
            seen = await self._looker.look(url, self._may, given.pause_s, last=not left)
            if seen.status in BUSY:
                return
            left += self._own(site, seen)

    async def _robots(self, authority: str) -> Observation:
        """The robots.txt of an authority, looked at once a visit; whoever asks for it asks nobody's leave."""
        seen = await self._looker.look(authority + ROBOTS, _always)
        self._leaves[authority] = leave(seen)
        return seen

    async def _may(self, url: str) -> bool:
        """Whether the authority that a redirect leads to lets us look there."""
        found = address(url)
        if found is None:
            return False
        if found[0] not in self._leaves:
            await self._robots(found[0])
        return self._leaves[found[0]].allows(found[1])

    def _own(self, site: Site, seen: Observation) -> list[str]:
        """The addresses at the site itself that ``seen`` points to; those elsewhere are put aside."""
        found = [(there, url) for url in pointed(seen) for there in [address(url)] if there]
        self.elsewhere += [there[1] for there, _ in found if there[0] != site.authority]
        return [there[1] for there, _ in found if there[0] == site.authority]


async def _always(_: str) -> bool:
    return True


def pointed(seen: Observation) -> list[str]:
    """The addresses of terms and policies that ``seen`` points to."""
    if seen.status != 200 or not _mentions(seen):
        return []
    return [url for url, _ in elsewhere(signals.read(seen))][:POINTED]


def _mentions(seen: Observation) -> bool:
    """Whether anything in ``seen`` can point anywhere."""
    words = MENTIONS.get(seen.source, ())
    lower = seen.body.lower() if words else b""
    return any(word in lower for word in words) or any(name.lower() in POINTING for name, _ in seen.headers)
