"""Payment for access: HTTP 402 with a price, x402, a receipt, a refusal, a demand for a licence.

Payment buys access, on the axis ``crawl``; what may be done with the copy is said elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sekisho.formats import json_text
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Offer, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import responses

SPEC = Spec(
    name="pay_per_crawl",
    title=Text("HTTP 402, pay-per-crawl and x402", "HTTP 402・有料クロール・x402"),
    version="2026-11",
    dated=date(2025, 7, 1),
    status="practice",
    address="https://developers.cloudflare.com/ai-crawl-control/features/pay-per-crawl/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "402 is crawl licence with the price as an offer; a receipt is crawl allow; a refusal is crawl deny. Uses stay unknown.",
        "402 は価格付きのクロール要許諾、受領の記録はクロール許可、拒絶はクロール拒否。利用については不明のまま。",
    ),
    unsure=Text(
        "Field names of x402 differ between its versions; both are read. Amounts are in the units of the asset named.",
        "x402 は版により項目名が異なる（両方読む）。金額は示された資産の単位による。",
    ),
    sources=(*responses.SOURCES, Source.RSL),
)
PAYMENT = "crawl"
PRICE = re.compile(r"([A-Za-z]{3})\s+([0-9]{1,15}(?:\.[0-9]{1,12})?)")
LICENSE_SCHEME = re.compile(r"(?:^|,)\s*License\b", re.IGNORECASE)
LIMIT_BYTES = 64 * 1024
LIMIT_WAYS = 100
X402, X402_HEADER = "x402Version", "payment-required"


def read(observation: Observation, _ask: Ask) -> Iterable[Signal]:
    """What the answer at ``observation.url`` says of access to it."""
    demanded = observation.status == 402 or (observation.status is None and observation.header("crawler-price"))
    gate = _demand(observation) if demanded else [*_receipt(observation), *_refusal(observation)]
    return [*gate, *_licence_demanded(observation)]


def _signal(
    observation: Observation, value: Value, where: str, said: str, *, offers: Iterable[Offer] = (), warnings: tuple[str, ...] = ()
) -> Signal:
    evidence = Evidence(where, quote(said))
    return Signal(
        SPEC.name, SPEC.version, Level.RESPONSE, observation.url, Axis.CRAWL, value, evidence, offers=tuple(offers), warnings=warnings
    )


def _demand(observation: Observation) -> Iterator[Signal]:
    """A 402: one statement with every way to pay that is named, also when none is."""
    prices = observation.header("crawler-price")
    offers = [*filter(None, map(_price, prices)), *_ways_to_pay(observation)]
    malformed = any(_price(price) is None for price in prices)
    said = "; ".join(f"crawler-price: {price}" for price in prices) or "402"
    offers = list(dict.fromkeys(offers)) or [Offer(payment_type=PAYMENT)]
    yield _signal(observation, Value.LICENCE, "status 402", said, offers=offers, warnings=("malformed",) if malformed else ())


def _price(text: str) -> Offer | None:
    found = PRICE.fullmatch(text.strip())
    return Offer(payment_type=PAYMENT, amount=found[2], currency=found[1].upper()) if found else None


def _ways_to_pay(observation: Observation) -> Iterator[Offer]:
    """The ways of x402: in the header of version 2, Base64 around JSON, or in the body of version 1."""
    for value in observation.header(X402_HEADER):
        yield from _accepted(_decoded(value[:LIMIT_BYTES]))
    if X402.encode() in observation.body[:LIMIT_BYTES]:
        yield from _accepted(observation.body)


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.strip() + "==", validate=False)
    except (binascii.Error, ValueError):
        return b""


def _accepted(body: bytes) -> Iterator[Offer]:
    demand, _ = json_text.parse(body, LIMIT_BYTES)
    ways = demand.get("accepts") if isinstance(demand, dict) and X402 in demand else None
    for way in ways[:LIMIT_WAYS] if isinstance(ways, list) else []:
        if isinstance(way, dict):
            yield Offer(_address(demand, way), PAYMENT, _amount(way), _asset(way))


def _amount(way: dict[str, Any]) -> str:
    """The amount in the units of the asset: ``amount`` in version 2, ``maxAmountRequired`` in version 1."""
    value = way.get("amount", way.get("maxAmountRequired"))
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdigit() and len(text) <= 40 else ""


def _asset(way: dict[str, Any]) -> str:
    """The asset paid in and its network, as in ``USDC@eip155:8453``."""
    extra = way.get("extra")
    name = extra.get("name") if isinstance(extra, dict) else None
    asset = name if isinstance(name, str) else way.get("asset")
    words = [word for word in (asset, way.get("network")) if isinstance(word, str)]
    return "@".join(words)[:200]


def _address(demand: dict[str, Any], way: dict[str, Any]) -> str:
    resource = way.get("resource") or demand.get("resource")
    url = resource.get("url") if isinstance(resource, dict) else resource
    return url if isinstance(url, str) and url.lower().startswith(("http://", "https://")) else ""


def _receipt(observation: Observation) -> Iterator[Signal]:
    """A price charged on a good answer: access was paid for."""
    for value in observation.header("crawler-charged"):
        good = observation.status is None or 200 <= observation.status < 300
        paid = _price(value) if good else None
        yield _signal(
            observation,
            Value.ALLOW if paid else Value.UNKNOWN,
            "crawler-charged",
            f"crawler-charged: {value}",
            offers=[paid] if paid else [],
            warnings=("receipt",) if paid else ("malformed",),
        )


def _refusal(observation: Observation) -> Iterator[Signal]:
    """An error of the gate: forbidden is forbidden; any other is a payment that was not made as asked."""
    for value in observation.header("crawler-error"):
        forbidden = value.strip().lower() == "crawlerforbidden" or observation.status == 403
        offer = [] if forbidden else [Offer(payment_type=PAYMENT)]
        yield _signal(observation, Value.DENY if forbidden else Value.LICENCE, "crawler-error", f"crawler-error: {value}", offers=offer)


def _licence_demanded(observation: Observation) -> Iterator[Signal]:
    """``WWW-Authenticate: License`` of RSL: access with a licence token only."""
    for value in observation.header("www-authenticate"):
        if LICENSE_SCHEME.search(value):
            yield _signal(
                observation, Value.LICENCE, "WWW-Authenticate", f"WWW-Authenticate: {value}", offers=[Offer(payment_type="licence")]
            )
