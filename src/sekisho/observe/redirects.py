"""Where a chain of redirects ends counts for the address that was asked (RFC 9309 section 2.3.1.2): recorded hops put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import ada_url

from sekisho.model import ENDLESS, Observation
from sekisho.observe.sources import LOCATION_SOURCES, source_of

STATUSES = frozenset({301, 302, 303, 307, 308})


def destination(url: str, location: str) -> str:
    """The address that ``location`` leads to from ``url``, without user info and fragment; empty when it is no web address."""
    try:
        found = ada_url.URL(location.strip(), url)
    except ValueError:
        return ""
    if found.protocol not in {"http:", "https:"} or not found.hostname:
        return ""
    found.username = found.password = found.hash = ""
    return str(found.href)


def followed(observations: Iterable[Observation]) -> Iterator[Observation]:
    """``observations`` in order, each redirect replaced by what its destination answered afterwards; one that leads nowhere stays what it is."""
    waiting: dict[str, list[Observation]] = {}
    for seen in observations:
        origins = waiting.pop(seen.url, [])
        if target := leads_to(seen):
            waiting.setdefault(target, []).extend([*origins, seen])
            continue
        if seen.failure or seen.status == ENDLESS:
            _settle(waiting, seen.url)
        yield seen
        yield from (as_asked(origin.url, seen) for origin in origins)
    leads = {origin.url: target for target, origins in waiting.items() for origin in origins}
    left = (origin for origins in waiting.values() for origin in origins)
    yield from (replace(origin, status=ENDLESS) if _is_known(origin) and _is_circle(origin.url, leads) else origin for origin in left)


def leads_to(seen: Observation) -> str:
    """Where a redirect leads; empty when ``seen`` is none, or leads to no web address."""
    location = next(iter(seen.header("location")), "") if seen.status in STATUSES and not seen.failure else ""
    return destination(seen.url, location) if location else ""


def as_asked(url: str, answer: Observation) -> Observation:
    """What ``answer`` says, of the address ``url`` that was asked."""
    kind = next(iter(answer.header("content-type")), "")
    return replace(answer, url=url, source=source_of(url, kind, answer.body))


def _is_known(origin: Observation) -> bool:
    """Whether a well-known file was asked for: only of such a one is known that nothing being found means that there is none."""
    return source_of(origin.url, "", b"") in LOCATION_SOURCES


def _is_circle(url: str, leads: dict[str, str]) -> bool:
    """Whether following ``leads`` from ``url`` comes to an address that was passed before."""
    passed: set[str] = set()
    while url in leads and url not in passed:
        passed.add(url)
        url = leads[url]
    return url in passed


def _settle(waiting: dict[str, list[Observation]], url: str) -> None:
    """What is recorded of ``url`` says how the whole chain from there ended: nothing more is waited for."""
    for target in [target for target, origins in waiting.items() if any(origin.url == url for origin in origins)]:
        waiting[target] = [origin for origin in waiting[target] if origin.url != url]
