"""C2PA manifests: the training and data mining assertions of C2PA 1.x and of CAWG 1.1; what is stated stays apart from who signed it.

The active manifest speaks; on what it is silent, its parents do. A signature that does not hold keeps denials and takes allows away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sekisho.formats.carried import Kind
from sekisho.model import Ask, Authenticated, Axis, Evidence, Observation, Offer, Signal, Spec, Text, Value, quote
from sekisho.signals.asset import FILES, asset, statement, unreadable
from sekisho.signals.c2pa_store import Store, Unread, ingredients, is_altered, opened, parents

SPEC = Spec(
    name="c2pa",
    title=Text("C2PA and CAWG training and data mining", "C2PA・CAWGの学習・データマイニング表明"),
    version="CAWG 1.1",
    dated=date(2025, 5, 16),
    status="standard",
    address="https://cawg.io/training-and-data-mining/1.1/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "allowed, notAllowed and constrained are allow, deny and licence (without constraint text: deny) on the axis of each entry.",
        "allowed・notAllowed・constrained は、各項目の用途についての許可・拒否・要許諾（条件の記載がなければ拒否）。",
    ),
    unsure=Text(
        "Which manifest speaks: the specification is silent; we read the active one and, where it is silent, its parents.",
        "どのマニフェストに従うか。仕様に定めがないため、現行のものを読み、記載のない用途は親をたどる。",
    ),
    sources=FILES,
)
LABEL = re.compile(r"(cawg|c2pa)\.training-mining(?:\.v\d+)?(?:__\d+)?")
VERSIONS = {"cawg": "CAWG 1.1", "c2pa": "C2PA 1.4"}
AXES = {
    "data_mining": Axis.TDM,
    "ai_inference": Axis.AI_USE,
    "ai_training": Axis.TRAIN_NONGEN,
    "ai_generative_training": Axis.TRAIN,
}
USES = {"allowed": Value.ALLOW, "notAllowed": Value.DENY}
STATES = {"Trusted": Authenticated.SIGNED_TRUSTED, "Valid": Authenticated.SIGNED_VALID}
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
REFUSAL = re.compile(r"\b(?:no|not|none|false|den|dis|forbid|prohibit|refus|constrain)", re.IGNORECASE)
PROVENANCE = "{http://purl.org/dc/terms/}provenance"


class Entry(NamedTuple):
    """One entry of a training-mining assertion, and its place and words for evidence."""

    version: str
    axis: Axis
    value: Value
    offers: tuple[Offer, ...]
    warnings: tuple[str, ...]
    where: str
    said: str


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """What the manifests of a file say of training and mining; an unknown when there are some and they cannot be read."""
    if observation.absent or observation.failed:
        return
    found = asset(observation)
    place = next((one.where for one in found.embedded.carried if one.kind is Kind.C2PA), None)
    if place is None:
        yield from _elsewhere(observation)
        return
    store = opened(observation.body, found.embedded.type, ask.trust_anchors)
    if isinstance(store, Unread):
        yield unreadable(observation, (SPEC.name, SPEC.version), Evidence(place, quote(store.reason)), *store.warnings)
    else:
        yield from _heard(observation, store)


def _elsewhere(observation: Observation) -> Iterator[Signal]:
    """An unknown for a manifest that lies at an address named in the XMP (C2PA 2.2, 11.4): nothing is fetched here."""
    named = [one for packet in asset(observation).packets for one in packet.properties if one.name == PROVENANCE]
    for one in [one for one in named if one.value.startswith(("http://", "https://"))][:1]:
        evidence = Evidence(one.where, quote(one.value))
        yield unreadable(observation, (SPEC.name, SPEC.version), evidence, "remote-manifest")


def _heard(observation: Observation, store: Store) -> Iterator[Signal]:
    """The statements of the active manifest, then of each parent on what was not spoken of before, then doubts about components."""
    spoken: set[Axis] = set()
    standing = STATES.get(store.state, Authenticated.NONE)
    for label in parents(store):
        entries = [entry for entry in _entries(store, label) if entry.axis not in spoken]
        yield from (_signal(observation, entry, standing) for entry in entries)
        spoken |= {entry.axis for entry in entries if entry.value is not Value.UNKNOWN}
        yield from _components(observation, store, label)
        standing = _inherited(store, label, standing)


def _inherited(store: Store, label: str, standing: Authenticated) -> Authenticated:
    """How far the parent of ``label`` can be relied on: never trusted through another's signature, not at all when it was altered."""
    altered = any(is_altered(parent) for parent in ingredients(store, label, "parentOf"))
    return Authenticated.NONE if altered or standing is Authenticated.NONE else Authenticated.SIGNED_VALID


def _components(observation: Observation, store: Store, label: str) -> Iterator[Signal]:
    for component in ingredients(store, label, "componentOf"):
        for entry in _entries(store, component["active_manifest"]):
            if entry.value is Value.DENY:
                doubt = entry._replace(value=Value.UNKNOWN, warnings=("component-deny",))
                yield _signal(observation, doubt, Authenticated.NONE)


def _signal(observation: Observation, entry: Entry, standing: Authenticated) -> Signal:
    void = standing is Authenticated.NONE and entry.value is Value.ALLOW
    found = statement(
        observation,
        (SPEC.name, entry.version),
        entry.axis,
        Value.UNKNOWN if void else entry.value,
        evidence=Evidence(entry.where, quote(entry.said)),
        warnings=(*entry.warnings, *(("invalid-signature",) if void else ())),
        offers=entry.offers,
    )
    return replace(found, authenticated=standing)


def _entries(store: Store, label: str) -> Iterator[Entry]:
    """Every entry of every training-mining assertion of one manifest."""
    manifest = store.manifests[label]
    assertions = manifest.get("assertions", [])
    for assertion in assertions:
        name = str(assertion.get("label", ""))
        if match := LABEL.fullmatch(name):
            name += f"__{assertion['instance']}" if assertion.get("instance") else ""
            identity = next((one for one in assertions if _covers(one, name)), None)
            speaker = f"identity {_named(identity.get('data'))}" if identity else f"signed by {_named(manifest)}"
            for entry in _stated(match[1], assertion.get("data"), f"manifest {label}, {name}, {speaker}"):
                anonymous = identity is None and entry.value is Value.ALLOW
                yield entry._replace(warnings=(*entry.warnings, "no-identity")) if anonymous else entry


def _covers(assertion: dict[str, Any], name: str) -> bool:
    """Whether ``assertion`` names the creator behind the assertion ``name`` (CAWG identity 1.1, 5); else the signer of the claim speaks."""
    referenced = _inside(assertion.get("data"), "signer_payload", "referenced_assertions")
    listed = referenced if isinstance(referenced, list) else []
    is_identity = str(assertion.get("label", "")).startswith("cawg.identity")
    return is_identity and any(str(_inside(one, "url")).rpartition("/")[2] == name for one in listed)


def _named(signed: Any) -> str:
    names = (_inside(signed, "signature_info", key) for key in ("common_name", "issuer"))
    return ", ".join(str(name) for name in names if name) or "nobody named"


def _inside(data: Any, *keys: str) -> Any:
    """What lies under ``keys`` in nested objects, None where one of them is missing."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _stated(family: str, data: Any, where: str) -> Iterator[Entry]:
    """The entries in the content of one assertion; those of CAWG 1.0 stand at its top."""
    legacy = isinstance(data, dict) and "entries" not in data
    listed = data if legacy else _inside(data, "entries")
    said = partial(Entry, VERSIONS[family], where=where)
    if not isinstance(listed, dict):
        yield said(Axis.TDM, Value.UNKNOWN, (), _malformed(data), said=_text(data))
        return
    for key, entry in listed.items():
        prefix, _, use = str(key).partition(".")
        if prefix in VERSIONS and use in AXES:
            value, offers, warnings = _use(entry)
            meant = Value.UNKNOWN if value is Value.ALLOW and prefix != family else value
            odd = (*(("legacy-label",) if legacy else ()), *(("non-canonical",) if prefix != family else ()))
            yield said(AXES[use], meant, offers, (*warnings, *odd), said=_text({key: entry}))
        elif (prefix in VERSIONS or legacy) and key != "metadata" and REFUSAL.search(_text(entry)):
            yield said(Axis.TDM, Value.UNKNOWN, (), _malformed(entry), said=_text({key: entry}))


def _use(entry: Any) -> tuple[Value, tuple[Offer, ...], tuple[str, ...]]:
    """What one entry says: constrained without a text is notAllowed (CAWG training and data mining 1.1, 2.1)."""
    use = _inside(entry, "use")
    if use == "constrained":
        text = str(_inside(entry, "constraint_info") or _inside(entry, "constraints_info") or "").strip()
        offers = tuple(dict.fromkeys(Offer(url=found[0]) for found in ADDRESS.finditer(text[:4096])))
        return Value.LICENCE if text else Value.DENY, offers, ()
    if isinstance(use, str) and use in USES:
        return USES[use], (), ()
    return Value.UNKNOWN, (), _malformed(entry)


def _malformed(data: Any) -> tuple[str, ...]:
    return ("malformed", "deny-intent") if REFUSAL.search(_text(data)) else ("malformed",)


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
