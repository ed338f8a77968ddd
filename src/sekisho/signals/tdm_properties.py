"""What the two properties of TDMRep mean, whichever channel carries them: a file at the site, headers, a page, an EPUB, a PDF.

``tdm-reservation`` is 1 (rights are reserved), 0 (they are not) or unset; ``tdm-policy`` is a URL, read only beside a 1
(W3C TDM Reservation Protocol, Final Community Group Report of 10 May 2024, section 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from sekisho.model import Axis, Evidence, Level, Offer, Signal, Value

PROTOCOL = "tdmrep"
VERSION = "2024-05-10"
AFFIRMED = re.compile(r"[\W_]*(?:1|true|yes|y|on|reserved?)\b", re.IGNORECASE)
"""What someone may write who means 1."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The properties as one channel states them: ``reserved`` is None when unset, ``policy`` an absolute http(s) URL or empty."""

    reserved: bool | None
    policy: str = ""
    warnings: tuple[str, ...] = ()


def stated(reservations: Sequence[str], policies: Sequence[str], base: str) -> Stated:
    """What the texts of every ``tdm-reservation`` and ``tdm-policy`` of one channel come to; a 1 among several values stands.

    A value outside the vocabulary leaves the property unset, with ``malformed``, and ``deny-intent`` when it looks like a 1.
    """
    words = [word.strip() for text in reservations for word in text.split(",") if word.strip()]
    policy = next((url for text in policies if (url := _address(text, base))), "")
    if "1" in words:
        return Stated(reserved=True, policy=policy)
    if set(words) == {"0"}:
        return Stated(reserved=False, policy=policy)
    intent = ("deny-intent",) if any(AFFIRMED.match(word) for word in words) else ()
    return Stated(None, policy, ("malformed", *intent) if words else ())


def _address(text: str, base: str) -> str:
    try:
        url = urljoin(base, text.strip())
    except ValueError:
        return ""
    return url if url.lower().startswith(("http://", "https://")) else ""


def signals(said: Stated, level: Level, scope: str, evidence: Evidence) -> Iterator[Signal]:
    """The statement that ``said`` makes on the axis ``tdm``, none when it is silent; a policy alone is an unknown that names it.

    A reservation stays a denial here: what its policy offers is known only once that was read.
    """
    if said != Stated(None):
        value = Value.UNKNOWN if said.reserved is None else Value.DENY if said.reserved else Value.ALLOW
        offers = (Offer(licence_uri=said.policy),) if said.policy and value is not Value.ALLOW else ()
        yield Signal(PROTOCOL, VERSION, level, scope, Axis.TDM, value, evidence, offers=offers, warnings=said.warnings)
