"""Combines the statements about one item on one axis into one value, and keeps who lost and why.

Levels decide (registry, asset, response, location), the stricter word wins inside a level, and a nearer allow lifts a farther reservation only
within its own protocol or under a trusted signature. An unknown that carries a warning is a doubt: it never grants, and it withholds an allow
as a denial would, so no stated "no" gets lost because it was misspelt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from sekisho.elsewhere import TDMREP, linked
from sekisho.model import Authenticated, Axis, Level, Offer, Signal, Text, Value

NEARNESS = {level: number for number, level in enumerate(Level)}
SITE = frozenset({Level.RESPONSE, Level.LOCATION})
RESTRICTIVE = frozenset({Value.DENY, Value.LICENCE})
STRICTEST_FIRST = (Value.DENY, Value.LICENCE, Value.UNKNOWN, Value.ALLOW)
UNDER_TDM = frozenset({Axis.TRAIN, Axis.TRAIN_NONGEN})

PUBLIC_LICENCES = "licences"
CHAINED = frozenset({TDMREP, "rsl", PUBLIC_LICENCES})
"""Protocols in which what stands nearer to the work replaces what stands farther (TDMRep, RSL 1.0 section 4.9); in all others both count."""
RESERVED = "tdm-reserved"
GENERAL = "general-disallow"
NAMELESS = "no-identity"
"""A signature that does not name the creator is that of the camera or program: it speaks for nobody who could lift a reservation."""
SILENT = (
    "wrong-type",
    "no-match",
    "no-statement",
    "not-rights",
    "not-declared",
    "other-licence",
    "vendor-default",
    "overridden",
    "unofficial",
)
NO_DOUBT = frozenset({*SILENT, GENERAL})
"""Warnings under which an unknown is silence; under any other it is a doubt."""

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK EU".split())  # noqa: SIM905 - 28 lines else

REASONS = {
    "addressee": Text("speaks to someone else", "別の相手に向けた表示です"),
    "followed": Text("points to terms that were read", "参照先の条件を読み取りました"),
    "unlinked": Text("a policy that no statement points to", "どの表示からも参照されていない方針です"),
    "overridden": Text("a nearer statement of its own protocol replaces it", "同じ方式の、より近い表示が優先します"),
    "signed": Text("a nearer statement under a trusted signature lifts it", "信頼できる署名のある、より近い表示が解除します"),
    "grant": Text("the user holds a licence", "利用者が許諾を得ています"),
    "explicit": Text(
        "only allows mining at large, and the use itself is spoken of", "解析一般の許可にすぎず、当該利用には別の表示があります"
    ),
    "offer": Text("terms are offered that lift it", "これを解除する条件が提示されています"),
    "stricter": Text("a stricter statement stands", "より厳しい表示があります"),
    "agrees": Text("says the same", "同じ内容です"),
    "silent": Text("says nothing on this use", "この利用について何も述べていません"),
}


@dataclass(frozen=True, slots=True)
class Loser:
    """A statement that did not decide, and the word of ``REASONS`` that says why."""

    signal: Signal
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An allow that met a reservation; ``kind`` is ``conflict``, or ``conflict-grant`` when the allow is a public licence."""

    kind: str
    allow: Signal
    against: Signal


@dataclass(frozen=True, slots=True)
class Combined:
    """What all statements about an item come to on ``axis``; ``standing`` are those that nothing lifted, nearest first."""

    axis: Axis
    value: Value
    winner: Signal | None
    standing: tuple[Signal, ...]
    losers: tuple[Loser, ...]
    conflicts: tuple[Conflict, ...]

    def at(self, *levels: Level) -> Value:
        """The value of the standing statements at ``levels`` alone."""
        return _value([signal for signal in self.standing if signal.level in levels])

    @property
    def general(self) -> bool:
        """True when nothing restricts but a robots.txt rule for every agent."""
        restrictive = [signal for signal in self.standing if signal.value in RESTRICTIVE]
        return bool(restrictive) and all(GENERAL in signal.warnings for signal in restrictive)

    @property
    def doubts(self) -> tuple[Signal, ...]:
        """The standing statements that may have meant a denial and could not be read as one."""
        return tuple(signal for signal in self.standing if is_doubt(signal))

    @property
    def conditions(self) -> frozenset[str]:
        """The conditions of every standing statement that says the combined value."""
        return frozenset().union(*(signal.conditions for signal in self._agreeing()))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The offers of every standing statement that says the combined value, nearest first."""
        return tuple(dict.fromkeys(offer for signal in self._agreeing() for offer in signal.offers))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings of the standing statements and the kinds of conflict, in alphabetical order."""
        kinds = {conflict.kind for conflict in self.conflicts}
        return tuple(sorted(kinds.union(*(signal.warnings for signal in self.standing))))

    def _agreeing(self) -> Iterator[Signal]:
        return (signal for signal in self.standing if signal.value is self.value)


def combine(
    signals: Iterable[Signal], axis: Axis, *, agents: Collection[str] = (), granted: bool = False, places: Collection[str] = ()
) -> Combined:
    """What ``signals``, all statements that reach one item, come to on ``axis``; their order does not matter.

    ``agents`` are the product tokens asked for (for ``any-training`` every training token), ``granted`` says that the user holds a licence
    for the use, ``places`` are the jurisdictions asked, ISO 3166 codes or EU: terms limited to other places do not cover them.
    """
    given = sorted(set(signals), key=_order)
    found, used = linked(given)
    unused = [Loser(signal, reason) for signal, reason in used]
    heard, others = _heard(sorted(found, key=_order) if used else given, frozenset(agent.casefold() for agent in agents))
    stated = [derived for signal in heard if (derived := _on_axis(_placed(signal, places), axis))]
    if granted and axis is not Axis.CRAWL:
        return Combined(axis, Value.ALLOW, None, (), _in_order([*unused, *others, *(Loser(signal, "grant") for signal in stated)]), ())
    lifted = {signal: allow for signal in stated if (allow := _lifted_by(signal, stated, axis))}
    replaced = [Loser(signal, "overridden" if signal.protocol == allow.protocol else "signed") for signal, allow in lifted.items()]
    standing, weak = _without_general([signal for signal in stated if signal not in lifted], axis)
    value = _value(standing)
    winner = next((signal for signal in standing if signal.value is value and not _is_silent(signal)), None)
    beaten = [Loser(signal, _lost(signal, value)) for signal in standing if signal is not winner]
    losers = _in_order([*unused, *others, *replaced, *weak, *beaten])
    return Combined(axis, value, winner, tuple(standing), losers, _conflicts(stated, lifted))


def is_doubt(signal: Signal) -> bool:
    """True for an unknown with a warning that may hide a denial."""
    return signal.value is Value.UNKNOWN and not NO_DOUBT.issuperset(signal.warnings)


def _is_silent(signal: Signal) -> bool:
    return signal.value is Value.UNKNOWN and not is_doubt(signal)


def _order(signal: Signal) -> tuple[object, ...]:
    """A total order, nearest level first, so that the order of evidence never shows."""
    return (NEARNESS[signal.level], signal.protocol, signal.axis, signal.value, signal.scope, signal.addressee, *_rest(signal))


def _rest(signal: Signal) -> tuple[object, ...]:
    evidence = signal.evidence
    return (
        evidence.document,
        evidence.where,
        evidence.quote,
        signal.authenticated,
        signal.warnings,
        sorted(signal.conditions),
        repr(signal.offers),
        signal.version,
    )


def _heard(given: list[Signal], tokens: frozenset[str]) -> tuple[list[Signal], list[Loser]]:
    """The statements that speak to whoever asks, and those that do not."""
    spoken = {signal: _speaks_to(signal, tokens) for signal in given}
    return [s for s, reached in spoken.items() if reached], [Loser(s, "addressee") for s, reached in spoken.items() if not reached]


def _speaks_to(signal: Signal, tokens: frozenset[str]) -> bool:
    """True when ``signal`` reaches one of ``tokens``; an allow for one of several agents is no allow for all of them."""
    addressee = signal.addressee.casefold()
    return addressee == "*" or (tokens == {addressee} if signal.value is Value.ALLOW else addressee in tokens)


def _placed(signal: Signal, places: Collection[str]) -> Signal:
    """The statement as a denial when its terms are limited to places that leave one of ``places`` out."""
    if not places or not signal.conditions:
        return signal
    covered = {word.removeprefix("geo=") for word in signal.conditions if word.startswith("geo=")}
    barred = {word.removeprefix("geo!=") for word in signal.conditions if word.startswith("geo!=")}
    outside = any((covered and not _within(place, covered)) or _within(place, barred) or _touches(place, barred) for place in places)
    return replace(signal, value=Value.DENY) if outside and signal.value in {Value.ALLOW, Value.LICENCE} else signal


def _within(place: str, area: Collection[str]) -> bool:
    return place in area or ("EU" in area and place in EU)


def _touches(place: str, area: Collection[str]) -> bool:
    return place == "EU" and not EU.isdisjoint(area)


def _on_axis(signal: Signal, axis: Axis) -> Signal | None:
    """What ``signal`` says on ``axis``: a word on mining covers training; whether it covers ``ai_use`` is disputed, so it leaves a doubt."""
    if signal.axis is axis or (signal.axis is Axis.TDM and axis in UNDER_TDM):
        return signal
    if signal.axis is Axis.TDM and axis is Axis.AI_USE and (signal.value in RESTRICTIVE or is_doubt(signal)):
        return replace(signal, value=Value.UNKNOWN, warnings=(*signal.warnings, RESERVED))
    return None


def _is_weak(signal: Signal, axis: Axis) -> bool:
    return signal.value is Value.ALLOW and signal.axis is not axis


def _lifted_by(signal: Signal, stated: list[Signal], axis: Axis) -> Signal | None:
    """The nearer allow that lifts the restriction or doubt ``signal``: of the same protocol, or under a trusted signature."""
    if signal.value is Value.ALLOW or _is_silent(signal):
        return None
    nearer = (allow for allow in stated if allow.value is Value.ALLOW and NEARNESS[allow.level] < NEARNESS[signal.level])
    return next((allow for allow in nearer if _lifts(allow, signal, axis)), None)


def _lifts(allow: Signal, signal: Signal, axis: Axis) -> bool:
    if _is_weak(allow, axis) and signal.axis is axis:
        return False
    trusted = allow.authenticated is Authenticated.SIGNED_TRUSTED and allow.protocol != PUBLIC_LICENCES
    named = trusted and NAMELESS not in allow.warnings
    return named or (allow.protocol == signal.protocol and allow.protocol in CHAINED)


def _without_general(standing: list[Signal], axis: Axis) -> tuple[list[Signal], list[Loser]]:
    """The statements without words on mining that give way where the use itself is spoken of: an allow to anyone, a doubt to its own voice."""
    explicit = [signal for signal in standing if signal.axis is axis and not _is_silent(signal)]
    voices = {(signal.protocol, signal.level) for signal in explicit}
    weak = [signal for signal in standing if explicit and _is_weak(signal, axis)]
    weak += [signal for signal in standing if RESERVED in signal.warnings and (signal.protocol, signal.level) in voices]
    return [signal for signal in standing if signal not in weak], [Loser(signal, "explicit") for signal in weak]


def _conflicts(stated: list[Signal], lifted: dict[Signal, Signal]) -> tuple[Conflict, ...]:
    """Each allow with the strictest reservation of another voice, except where a protocol's own chain settles it."""
    restrictive = [s for s in stated if s.value in RESTRICTIVE and not (s in lifted and lifted[s].protocol == s.protocol)]
    restrictive.sort(key=lambda signal: STRICTEST_FIRST.index(signal.value))
    found = []
    for allow in (signal for signal in stated if signal.value is Value.ALLOW):
        against = next((s for s in restrictive if (s.protocol, s.level) != (allow.protocol, allow.level) or s.axis is allow.axis), None)
        found += [Conflict("conflict-grant" if allow.protocol == PUBLIC_LICENCES else "conflict", allow, against)] if against else []
    return tuple(found)


def _value(standing: list[Signal]) -> Value:
    """The value of ``standing``: an offer answers the denials of its own site and those farther away; else the strictest word."""
    denials = [signal for signal in standing if signal.value is Value.DENY]
    if any(not _is_answered(denial, standing) for denial in denials):
        return Value.DENY
    if denials or any(signal.value is Value.LICENCE for signal in standing):
        return Value.LICENCE
    allowed = any(s.value is Value.ALLOW for s in standing) and not any(is_doubt(s) for s in standing)
    return Value.ALLOW if allowed else Value.UNKNOWN


def _is_answered(denial: Signal, standing: list[Signal]) -> bool:
    """True when terms are offered that lift ``denial``: nearer, or by the same site at the same level (signals section 19, special rule)."""
    offering = (s for s in standing if s.value is Value.LICENCE and s.offers and s.protocol != PUBLIC_LICENCES)
    same_site = denial.level in SITE
    return any(NEARNESS[s.level] < NEARNESS[denial.level] or (same_site and s.level is denial.level) for s in offering)


def _lost(signal: Signal, value: Value) -> str:
    """Why a standing statement did not decide."""
    if _is_silent(signal):
        return "silent"
    if signal.value is value:
        return "agrees"
    return "offer" if signal.value is Value.DENY else "stricter"


def _in_order(losers: list[Loser]) -> tuple[Loser, ...]:
    return tuple(sorted(losers, key=lambda loser: (_order(loser.signal), loser.reason)))
