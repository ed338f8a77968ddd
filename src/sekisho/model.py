"""The vocabulary: frozen values and enumerations that every room speaks. Standard library only, no I/O.

Words follow the field: a Signal is a machine-readable statement about rights, an Observation is what was
seen at an address at a time, Evidence is the exact place in it, a Verdict is what follows from all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Text(NamedTuple):
    """The same words in English and in Japanese."""

    en: str
    ja: str

    def lang(self, lang: str) -> str:
        """The words in ``lang``: ``ja`` for Japanese, anything else for English."""
        return self.ja if lang == "ja" else self.en


class Outcome(StrEnum):
    """What the law says of one use in one jurisdiction."""

    PERMITTED = "permitted"
    CONDITIONS = "permitted-with-conditions"
    UNSETTLED = "unsettled"
    LICENCE = "licence-required"
    PROHIBITED = "prohibited"


class Verdict(StrEnum):
    """What follows for the item: 可 allow, 不明 unknown, 要許諾 licence, 不可 deny; members stand from loosest to strictest."""

    ALLOW = "allow"
    UNKNOWN = "unknown"
    LICENCE = "licence"
    DENY = "deny"

    @property
    def strictness(self) -> int:
        """0 for allow up to 3 for deny: several verdicts fold to the largest."""
        return list(Verdict).index(self)


VERDICT_OF = {
    Outcome.PERMITTED: Verdict.ALLOW,
    Outcome.CONDITIONS: Verdict.ALLOW,
    Outcome.UNSETTLED: Verdict.UNKNOWN,
    Outcome.LICENCE: Verdict.LICENCE,
    Outcome.PROHIBITED: Verdict.DENY,
}

NOT_ADVICE = Text("Decision support, not legal advice.", "判断の補助であり、法的助言ではありません。")

VERDICT_TEXT = {
    Verdict.ALLOW: Text("allow", "可"),
    Verdict.UNKNOWN: Text("unknown", "不明"),
    Verdict.LICENCE: Text("licence", "要許諾"),
    Verdict.DENY: Text("deny", "不可"),
}


class Stage(StrEnum):
    """The question asked: ``ingest``, may this be trained on; ``output``, may this be shown."""

    INGEST = "ingest"
    OUTPUT = "output"


class Policy(StrEnum):
    """What the user holds to beside the law; verdicts never get looser from one to the next."""

    LAW = "law"
    SIGNALS = "signals"
    CONSENT = "consent"


class Axis(StrEnum):
    """The use a statement speaks about."""

    TRAIN = "train"
    TRAIN_NONGEN = "train_nongen"
    AI_USE = "ai_use"
    TDM = "tdm"
    SEARCH = "search"
    CRAWL = "crawl"


class Value(StrEnum):
    """What a statement says of its axis; ``licence`` means possible against terms."""

    ALLOW = "allow"
    DENY = "deny"
    LICENCE = "licence"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How near to the work a statement stands, nearest first."""

    REGISTRY = "registry"
    ASSET = "asset"
    RESPONSE = "response"
    LOCATION = "location"


class Authenticated(StrEnum):
    """Who stands behind a statement, as far as it can be checked."""

    NONE = "none"
    TLS_ORIGIN = "tls-origin"
    SIGNED_VALID = "signed-valid"
    SIGNED_TRUSTED = "signed-trusted"


class Source(StrEnum):
    """What kind of thing an observation holds; each signal reader says which kinds it reads."""

    ROBOTS = "robots.txt"
    TDMREP = "tdmrep.json"
    AI_TXT = "ai.txt"
    TRUST_TXT = "trust.txt"
    LLMS_TXT = "llms.txt"
    RSL = "rsl"
    FEED = "feed"
    PAGE = "page"
    IMAGE = "image"
    AUDIO_VIDEO = "audio-video"
    PDF = "pdf"
    EPUB = "epub"
    SIDECAR = "sidecar"
    POLICY = "policy"
    HEADERS = "headers"


QUOTE_BYTES = 2048
ENDLESS = 310
"""The status of redirects that never end, by a number HTTP leaves free: more than five, or in a circle (RFC 9309 section 2.3.1.2)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact place that speaks: ``where`` is a line, header name, XPath or box path; ``quote`` at most 2 KiB of it.

    ``document`` is the address of terms that other statements point to (an RSL file, a TDM policy), empty elsewhere.
    """

    where: str
    quote: str
    document: str = ""


@dataclass(frozen=True)
class Observation:
    """What was seen at ``url`` at a time: a status with headers and body, or a ``failure`` in words.

    ``status`` is None when nothing was answered or the bytes come from a file. Header names keep their
    spelling, repeated headers stay separate. Never asked, asked and silent, asked and failed are three things:
    the first has no Observation, the second an empty or 404 one, the third a ``failure`` or a 5xx status.
    """

    url: str
    source: Source
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    status: int | None = None
    at: datetime | None = None
    failure: str | None = None

    def header(self, name: str) -> list[str]:
        """The values of every header line called ``name``, in order, names compared without case."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def failed(self) -> bool:
        """True when it was asked for and no usable answer came (time-out, network failure, 5xx)."""
        return self.failure is not None or (self.status is not None and self.status >= 500)

    @property
    def absent(self) -> bool:
        """True when the server answered that there is nothing to read: 4xx, or redirects that never end."""
        return self.status is not None and (400 <= self.status < 500 or self.status == ENDLESS)


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms under which a use can be had; every field may be empty. ``amount`` is a decimal number as text."""

    url: str = ""
    payment_type: str = ""
    amount: str = ""
    currency: str = ""
    licence_uri: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One machine-readable statement on one axis, as its protocol means it; never a decision.

    ``scope`` says what it covers (URL, path pattern, file digest or media type); ``addressee`` is the product
    token it is limited to, or ``*``; ``conditions`` are words such as ``attribution`` or ``geo=JP``.
    """

    protocol: str
    version: str
    level: Level
    scope: str
    axis: Axis
    value: Value
    evidence: Evidence
    conditions: frozenset[str] = frozenset()
    offers: tuple[Offer, ...] = ()
    addressee: str = "*"
    authenticated: Authenticated = Authenticated.NONE
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """On whose behalf, and for which address, a source is read.

    ``url`` None asks for every statement in the source, with its scope as written. ``agents`` empty means every
    product token whose declared purpose is training (``any-training``). ``policy_tokens`` are shared per-purpose
    robots.txt tokens as (token, axis) pairs; none is fixed by a standard yet. ``trust_anchors`` is a PEM text of
    certificates: a signature inside a file is trusted when one of them stands behind it.
    """

    url: str | None = None
    agents: tuple[str, ...] = ()
    media_type: str = ""
    commercial: bool = True
    policy_tokens: tuple[tuple[str, Axis], ...] = ()
    trust_anchors: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a part on a shelf follows: printed as the documentation's table, and red in a test when ``checked`` is over a year old."""

    name: str
    title: Text
    version: str
    dated: date
    status: str
    """``standard``, ``draft``, ``practice``, ``proposal`` or ``expired``."""
    address: str
    checked: date
    maps_to: Text
    """What we map it to, in a sentence."""
    unsure: Text
    sources: tuple[Source, ...]


def quote(raw: bytes | str, limit: int = QUOTE_BYTES) -> str:
    """``raw`` as text of at most ``limit`` UTF-8 bytes, for evidence; undecodable bytes become U+FFFD."""
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    return data[:limit].decode("utf-8", "ignore" if isinstance(raw, str) else "replace")


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The strictest of ``verdicts``; allow when there are none."""
    return max(verdicts, key=lambda v: v.strictness, default=Verdict.ALLOW)
