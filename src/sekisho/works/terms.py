"""What holders permit: from words, on a day, and what follows from it when the holder's word alone is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sekisho.errors import UsageError
from sekisho.model import Text, Verdict
from sekisho.works.values import Declared, Identity, RightsHolder, Share, Terms, TermsKind

WRITTEN = re.compile(r"(?P<kind>no|ask|credit|yes)|offer:(?P<currency>[A-Z]{3}):(?P<amount>\d{1,15}(\.\d{1,4})?)(:(?P<use>[\w.-]+))?")

TERMS_TEXT = {
    TermsKind.NO: Text("no use for AI", "AIへの利用を認めない"),
    TermsKind.ASK: Text("ask the holder", "権利者へ要相談"),
    TermsKind.OFFER: Text("licensed at a price", "有償で許諾"),
    TermsKind.CREDIT: Text("allowed with credit", "クレジット表記を条件に許諾"),
    TermsKind.YES: Text("allowed", "許諾"),
}

VERDICT_OF = {
    TermsKind.NO: Verdict.DENY,
    TermsKind.ASK: Verdict.LICENCE,
    TermsKind.OFFER: Verdict.LICENCE,
    TermsKind.CREDIT: Verdict.ALLOW,
    TermsKind.YES: Verdict.ALLOW,
}

FACT_OF = {
    TermsKind.NO: "deny",
    TermsKind.ASK: "offer",
    TermsKind.OFFER: "offer",
    TermsKind.CREDIT: "allow_attrib",
    TermsKind.YES: "allow",
}


def parse(words: str) -> Terms:
    """The terms written as ``no``, ``ask``, ``credit``, ``yes`` or ``offer:JPY:100`` (``offer:JPY:100:train`` for one use); else UsageError."""
    found = WRITTEN.fullmatch(words.strip())
    if found is None:
        raise UsageError(
            f"{words!r} are no terms: write no, ask, credit, yes or offer:JPY:100.",
            f"{words!r} は許諾条件として読めません。no、ask、credit、yes、または offer:JPY:100 の形で指定してください。",
        )
    if found["kind"]:
        return Terms(TermsKind(found["kind"]))
    return Terms(TermsKind.OFFER, found["currency"], Decimal(found["amount"]), found["use"] or "")


def verdict_of(kind: TermsKind, identity: Identity) -> Verdict:
    """What follows from one holder's word. A merely claimed holder can neither grant nor forbid: both leave it unknown."""
    alone = VERDICT_OF[kind]
    return alone if identity.shown or alone is Verdict.LICENCE else Verdict.UNKNOWN


def facts(terms: Terms, identity: Identity) -> dict[str, str]:
    """The facts that a holder's word makes for a decision, by name of the fact."""
    if not identity.shown:
        return {"registry_terms": "none", "claimed": "deny" if terms.kind is TermsKind.NO else "other"}
    return {"registry_terms": FACT_OF[terms.kind]}


def standing(said: Iterable[Declared], shares: tuple[Share, ...], on: date) -> Declared | None:
    """The declaration that decides for a work on the day ``on``; None when nobody had said anything by then.

    Every holder of a share has a voice and the strictest decides; a holder who said nothing is to be asked, and so are several who each want a price.
    """
    latest: dict[RightsHolder, Declared] = {}
    for declared in said:
        if declared.on <= on:
            latest[declared.holder] = max(declared, latest.get(declared.holder, declared), key=lambda one: one.on)
    if not latest:
        return None
    since = max(declared.on for declared in latest.values())
    holders = [share.holder for share in shares] or list(latest)
    voices = [latest.get(holder) or Declared(holder, Terms(TermsKind.ASK), since) for holder in holders]
    if sum(voice.terms.kind is TermsKind.OFFER for voice in voices) > 1:
        voices.append(Declared(holders[0], Terms(TermsKind.ASK), since))
    return max(voices, key=lambda one: (verdict_of(one.terms.kind, one.holder.identity).strictness, -list(TermsKind).index(one.terms.kind)))
