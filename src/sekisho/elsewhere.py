"""Terms that are kept elsewhere: which addresses statements point to, and the terms found there put where they are pointed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sekisho.model import Signal, Source, Value

TDMREP = "tdmrep"
TDM_POLICY = "tdm_policy"
POINTER = "terms-elsewhere"
PARTIAL = "partial-scope"


def elsewhere(signals: Iterable[Signal]) -> tuple[tuple[str, Source], ...]:
    """The addresses of terms that ``signals`` point to, and what each holds: to be read as such and given to ``combine`` with the rest."""
    pointed = ((_target(signal), Source.POLICY if signal.protocol == TDMREP else Source.RSL) for signal in signals if _points(signal))
    return tuple(sorted({pair for pair in pointed if pair[0]}))


def _points(signal: Signal) -> bool:
    return POINTER in signal.warnings or (signal.protocol == TDMREP and bool(signal.offers))


def linked(given: list[Signal]) -> tuple[list[Signal], list[tuple[Signal, str]]]:
    """The statements once terms kept elsewhere stand where they are pointed to (RSL 1.0 section 4; TDMRep policies), and those used up, with why.

    ``given`` are in order, nearest first; they come back as they are when nothing is used up.
    """
    documents = {signal.evidence.document for signal in given} - {""}
    pointers = [signal for signal in given if documents and POINTER in signal.warnings and _target(signal) in documents]
    targets = {_target(pointer) for pointer in pointers}
    policies = [signal for signal in given if signal.protocol == TDM_POLICY]
    if not pointers and not policies:
        return given, []
    own = [signal for signal in given if signal not in pointers + policies and signal.evidence.document not in targets]
    moved = [_moved(signal, pointer) for pointer in pointers for signal in given if signal.evidence.document == _target(pointer)]
    reserved, used = _under_policy(own, policies)
    return reserved + moved, used + [(pointer, "followed") for pointer in pointers]


def _target(signal: Signal) -> str:
    return next((offer.licence_uri for offer in signal.offers), "")


def _moved(signal: Signal, pointer: Signal) -> Signal:
    """The terms as said by what points to them; a pointer that covers a part of a page grants nothing for the whole."""
    partial = PARTIAL in pointer.warnings and signal.value is Value.ALLOW
    warnings = (*signal.warnings, PARTIAL) if partial else signal.warnings
    return replace(
        signal, level=pointer.level, addressee=pointer.addressee, value=Value.UNKNOWN if partial else signal.value, warnings=warnings
    )


def _under_policy(given: list[Signal], policies: list[Signal]) -> tuple[list[Signal], list[tuple[Signal, str]]]:
    """The statements with each TDMRep reservation under the nearest policy named, wherever either stands: each property overrides apart."""
    uri = next((target for signal in given if signal.protocol == TDMREP and (target := _target(signal))), "")
    named = [policy for policy in policies if uri and policy.evidence.document == uri]
    used = [(policy, "followed" if policy in named else "unlinked") for policy in policies]
    terms = [policy for policy in named if policy.value is not Value.UNKNOWN]
    reserved = [signal for signal in given if terms and signal.protocol == TDMREP and signal.value is Value.DENY]
    under = [_under(signal, term) for signal in reserved for term in terms]
    return [signal for signal in given if signal not in reserved] + under, used


def _under(reserved: Signal, term: Signal) -> Signal:
    return replace(reserved, value=term.value, conditions=reserved.conditions | term.conditions, offers=term.offers or reserved.offers)
