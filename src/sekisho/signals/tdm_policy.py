"""The policy that a TDMRep reservation points to: an ODRL offer of permissions to mine, some with duties or for a purpose only.

A policy says nothing by itself; the combination reads it where a reservation names it (Final Community Group Report, section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sekisho.formats import json_text
from sekisho.formats.text import is_html
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Offer, Signal, Source, Spec, Text, Value, quote

SPEC = Spec(
    name="tdm_policy",
    title=Text("TDM policy (ODRL profile of TDMRep)", "TDM方針（TDMRepのODRLプロファイル）"),
    version="2024-05-10",
    dated=date(2024, 5, 10),
    status="practice",
    address="https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "A permission to mine allows; with a duty (consent, payment) it is a licence with the contact named; for research only, it allows that.",
        "解析の許可は許可。義務（同意・支払い）付きなら連絡先のある要許諾。研究目的に限る許可は研究のみ許可とする。",
    ),
    unsure=Text(
        "A policy for people is left to people: the reservation stays a denial that names it.",
        "人が読むための方針は判断せず、その所在を示した拒否のままとする。",
    ),
    sources=(Source.POLICY,),
)
LIMIT_BYTES = 1 << 20
LIMIT_PERMISSIONS = 1000
PROFILE = "http://www.w3.org/ns/tdmrep"
PAYMENT = "compensate"
"""The duty that means a fee; every other, such as ``obtainConsent``, means asking."""


class Permission(NamedTuple):
    """What one permission comes to for whoever asks, None when it is not for them or cannot be read in full."""

    value: Value
    conditions: frozenset[str] = frozenset()
    payment: str = ""


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """What the policy lets ``ask`` do, one statement on the axis ``tdm``; none from a page for people."""
    if observation.failed or observation.absent or is_html(observation.body):
        return []
    policy, _ = json_text.parse(observation.body, LIMIT_BYTES)
    if not isinstance(policy, dict) or not _is_profiled(policy):
        return [_signal(observation, Value.UNKNOWN, warnings=("malformed",))]
    return [_offered(observation, policy, ask)]


def _is_profiled(policy: dict[str, Any]) -> bool:
    profiles = _listed(policy.get("profile"))
    return not profiles or any(isinstance(name, str) and name.rstrip("/#") == PROFILE for name in profiles)


def _offered(observation: Observation, policy: dict[str, Any], ask: Ask) -> Signal:
    """The policy as one statement: a prohibition denies, a duty makes a licence, and no permission for ``ask`` leaves the denial."""
    if any(_mines(rule) for rule in _rules(policy, "prohibition")):
        return _signal(observation, Value.DENY)
    permissions = [found for rule in _rules(policy, "permission") if _mines(rule) and (found := _permission(rule, ask))]
    licensed = [found for found in permissions if found.value is Value.LICENCE]
    chosen = licensed or permissions
    if not chosen:
        return _signal(observation, Value.DENY)
    conditions = frozenset().union(*(found.conditions for found in chosen))
    offers = tuple(dict.fromkeys(Offer(_contact(policy), found.payment, licence_uri=observation.url) for found in licensed))
    return _signal(observation, chosen[0].value, conditions=conditions, offers=offers)


def _rules(policy: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    listed = _listed(policy.get(kind)) or _listed(policy.get(f"odrl:{kind}"))
    return [rule for rule in listed[:LIMIT_PERMISSIONS] if isinstance(rule, dict)]


def _mines(rule: dict[str, Any]) -> bool:
    return "mine" in _terms(rule.get("action"))


def _permission(rule: dict[str, Any], ask: Ask) -> Permission | None:
    """What ``rule`` permits ``ask``: nothing for another purpose, and nothing free under a constraint not understood or for another target."""
    conditions = [_condition(constraint) for constraint in _listed(rule.get("constraint"))]
    known = frozenset(condition for condition in conditions if condition)
    if ask.commercial and "purpose=research" in known:
        return None
    if duties := [term for duty in _listed(rule.get("duty")) for term in _duty(duty)]:
        return Permission(Value.LICENCE, known, "fee" if PAYMENT in duties else "")
    return Permission(Value.ALLOW, known) if None not in conditions and _covers(rule, ask.url) else None


def _duty(duty: Any) -> list[str]:
    """The actions a duty names; one that names none is a duty all the same."""
    return sorted(_terms(duty.get("action") if isinstance(duty, dict) else duty)) or [""]


def _condition(constraint: Any) -> str | None:
    """A constraint as a condition: a purpose or a country; None when it is neither, or not an equality."""
    if not isinstance(constraint, dict) or _terms(constraint.get("operator")) != {"eq"}:
        return None
    left, right = _terms(constraint.get("leftOperand")), _terms(constraint.get("rightOperand"))
    if left == {"purpose"} and len(right) == 1 and right <= {"research", "non-research"}:
        return f"purpose={right.pop()}"
    if left == {"spatial"} and len(right) == 1:
        country = right.pop()
        return f"geo={country}" if len(country) == 2 and country.isalpha() and country.isupper() else None
    return None


def _covers(rule: dict[str, Any], url: str | None) -> bool:
    """Whether a permission without duty reaches ``url``: it does when it names no target, or the address or one above it."""
    targets = [target for target in _listed(rule.get("target")) if isinstance(target, str)]
    return "target" not in rule or url is None or any(url == target or url.startswith(f"{target.rstrip('/')}/") for target in targets)


def _contact(policy: dict[str, Any]) -> str:
    """Where whoever set the policy can be reached: a web address first, else mail."""
    for assigner in (party for party in _listed(policy.get("assigner")) if isinstance(party, dict)):
        address = _vcard(assigner, "hasURL")
        mail = _vcard(assigner, "hasEmail")
        return address or (mail if mail.startswith("mailto:") or not mail else f"mailto:{mail}")
    return ""


def _vcard(assigner: dict[str, Any], name: str) -> str:
    values = _listed(assigner.get(f"vcard:{name}")) or _listed(assigner.get(name))
    plain = (value.get("@id") if isinstance(value, dict) else value for value in values)
    return next((value for value in plain if isinstance(value, str)), "")


def _listed(value: Any) -> list[Any]:
    """A JSON-LD value as a list: absent is none, one is one; of a key said several times all."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | json_text.Several) else [value]


def _terms(value: Any) -> set[str]:
    """The terms that a JSON-LD value names, without prefix or namespace."""
    return {
        local for one in _listed(value) for name in _names(one) if (local := name.replace("#", "/").replace(":", "/").rpartition("/")[2])
    }


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.get("@id", value.get("rdf:value"))
    if isinstance(value, str):
        yield value


def _signal(
    observation: Observation,
    value: Value,
    *,
    conditions: frozenset[str] = frozenset(),
    offers: tuple[Offer, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Signal:
    evidence = Evidence("policy", quote(observation.body), observation.url)
    return Signal(
        SPEC.name,
        SPEC.version,
        Level.LOCATION,
        observation.url,
        Axis.TDM,
        value,
        evidence,
        conditions=conditions,
        offers=offers,
        warnings=warnings,
    )
