"""IPTC Photo Metadata / PLUS "Data Mining": one property of XMP that says whether a file may be mined (IPTC 2025.1, PLUS LDF).

The property is ``plus:DataMining``, a term of a controlled vocabulary; constraints and licence addresses stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice

from sekisho.formats.xmp import Property, local
from sekisho.model import Ask, Axis, Evidence, Observation, Offer, Signal, Source, Spec, Text, Value, quote
from sekisho.signals.asset import FILES, MISPLACED, Packet, asset, failures, statement

PLUS = "{http://ns.useplus.org/ldf/xmp/1.0/}"
EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"

SPEC = Spec(
    name="iptc",
    title=Text("IPTC/PLUS Data Mining", "IPTC/PLUS Data Mining（データマイニング）"),
    version="2025.1",
    dated=date(2025, 11, 27),
    status="standard",
    address="https://iptc.org/std/photometadata/specification/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Each DMI term denies or allows the uses it names; a constraint with an address or a rights expression makes the denial a licence.",
        "DMI の各用語は、それが挙げる利用を許可または拒否する。連絡先のある制約や権利表現があれば、拒否は要許諾となる。",
    ),
    unsure=Text(
        "Whether a prohibition of mining covers use at inference: it is read as a denial there.",
        "解析の禁止が推論時の利用に及ぶか。ここでは拒否と読む。",
    ),
    sources=FILES,
)
PROTOCOL = (SPEC.name, SPEC.version)

TRAINING = (Axis.TRAIN, Axis.TRAIN_NONGEN)
MINING = (*TRAINING, Axis.TDM)
DENIED = {
    "DMI-PROHIBITED-AIMLTRAINING": TRAINING,
    "DMI-PROHIBITED-GENAIMLTRAINING": (Axis.TRAIN,),
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": (*MINING, Axis.AI_USE),
    "DMI-PROHIBITED": (*MINING, Axis.AI_USE, Axis.SEARCH),
    "DMI-PROHIBITED-SEECONSTRAINT": (*MINING, Axis.AI_USE),
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": (*MINING, Axis.AI_USE),
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": (*MINING, Axis.AI_USE),
}
ALLOWED = {"DMI-ALLOWED": MINING, "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": (Axis.SEARCH,)}
SILENT = {"DMI-UNSPECIFIED": (*MINING, Axis.SEARCH)}
DRAFTED = {"DMI-ALLOWED-NOAITRAINING": "DMI-PROHIBITED-AIMLTRAINING", "DMI-ALLOWED-NOAIGENTRAINING": "DMI-PROHIBITED-GENAIMLTRAINING"}
DRAFTED_SEE = re.compile("^DMI-SEE-?")  # with DRAFTED: the consultation of 2023, found in old files
CONSTRAINT = "DMI-PROHIBITED-SEECONSTRAINT"
TERMS = {  # what turns a denial into a licence, by the term that points to it
    CONSTRAINT: (PLUS + "OtherConstraints",),
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": (EXT + "EmbdEncRightsExpr", EXT + "EncRightsExpr"),
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": (EXT + "LinkedEncRightsExpr", EXT + "LinkedRightsExpr"),
}
DATA_MINING = PLUS + "DataMining"
PAGES = (RIGHTS + "WebStatement", PLUS + "LicensorURL")
LIMIT_OFFERS = 16
LIMIT_TEXT = 4096  # characters searched for addresses
ADDRESS = re.compile(r"https?://[^\s<>\"'）」]+|(?:mailto:)?[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
TERM = re.compile(rf"(?:https?://{re.escape(VOCABULARY[7:])})?(DMI-[A-Z-]+)", re.IGNORECASE)


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:  # noqa: ARG001 - the file speaks alike to all who ask
    """What the XMP of a file says of mining it, and an unknown for whatever in it could not be read."""
    if observation.absent:
        return
    yield from failures(observation, PROTOCOL) if _is_xmp(observation) else ()
    if observation.failed:
        return
    packets = asset(observation).packets
    properties = [one for packet in packets for one in packet.properties]
    said: dict[tuple[object, ...], tuple[Packet, Property]] = {}  # each thing once: a packet may say it two hundred thousand times
    for packet in packets:
        for one in packet.properties:
            if one.value and _is_meant(one):
                said.setdefault((packet.sound, one.name == DATA_MINING, bool(one.within), _code(one.value), _intent(one)), (packet, one))
    for packet, one in said.values():
        yield from _stated(observation, packet, one, properties)


def _is_xmp(observation: Observation) -> bool:
    """Whether this reader answers for the file as a whole: a book is another reader's, a sidecar may be another protocol's."""
    if observation.source is Source.SIDECAR:
        return asset(observation).embedded.type not in {"application/json", "application/c2pa"}
    return observation.source is not Source.EPUB


def _is_meant(one: Property) -> bool:
    """Whether ``one`` is the property, or an attempt at it: another spelling or namespace with a term of the vocabulary."""
    named = local(one.name).casefold() == "datamining"
    return named and ("useplus" in one.name.casefold() or "DMI-" in one.value.upper())


def _stated(observation: Observation, packet: Packet, one: Property, properties: list[Property]) -> Iterator[Signal]:
    """What one value of the property says, or was meant to say."""
    code, odd = _code(one.value)
    said = partial(statement, observation, PROTOCOL, evidence=Evidence(f"{packet.where}, {one.where}", quote(f"{one.name} = {one.value}")))
    intent = _intent(one)
    if one.within:
        yield from (said(Axis.TDM, Value.UNKNOWN, warnings=("component-deny",)) for _ in intent)
    elif code is None or one.name != DATA_MINING:
        yield said(Axis.TDM, Value.UNKNOWN, warnings=("malformed", *intent))
    else:
        misplaced = () if packet.sound else (MISPLACED,)
        yield from _term(said, code, (*packet.warnings, *misplaced, *odd), properties)


def _intent(one: Property) -> tuple[str, ...]:
    return ("deny-intent",) if "PROHIBIT" in one.value.upper() else ()


def _code(value: str) -> tuple[str | None, tuple[str, ...]]:
    """The term of the vocabulary that ``value`` stands for, None when there is no such term, and what is odd about its spelling."""
    found = TERM.fullmatch(value)
    spelt = found[1].upper() if found else ""
    code = DRAFTED.get(spelt, DRAFTED_SEE.sub("DMI-PROHIBITED-SEE", spelt))
    if code not in {*DENIED, *ALLOWED, *SILENT}:
        return None, ()
    return code, ("legacy-label",) if code != spelt else () if value.startswith(VOCABULARY) else ("non-canonical",)


def _term(said: Callable[..., Signal], code: str, warnings: tuple[str, ...], properties: list[Property]) -> Iterator[Signal]:
    """The statements of a known term, one for each axis it speaks of."""
    terms = list(islice(_terms(code, properties), LIMIT_OFFERS))
    pages = (Offer(url=one.value) for one in properties if one.name in PAGES and ADDRESS.fullmatch(one.value[:LIMIT_TEXT]))
    offers = tuple(dict.fromkeys((*terms, *islice(pages, LIMIT_OFFERS))))
    for axis in DENIED.get(code, ()):
        if terms and axis is Axis.AI_USE:  # a denial only where mining is denied outright
            continue
        yield said(axis, Value.LICENCE if terms else Value.DENY, warnings=warnings, offers=offers)
    for value, axes in ((Value.ALLOW, ALLOWED.get(code, ())), (Value.UNKNOWN, SILENT.get(code, ()))):
        yield from (said(axis, value, warnings=warnings) for axis in axes)


def _terms(code: str, properties: list[Property]) -> Iterator[Offer]:
    """Under which terms the denial ``code`` is lifted: the addresses in what it points to, or a rights expression itself."""
    names = TERMS.get(code, ())
    texts = [one for one in properties if one.name in names and one.value]
    for one in texts:
        yield from (Offer(url=found[0]) for found in ADDRESS.finditer(one.value[:LIMIT_TEXT]))
    if code != CONSTRAINT and not any(ADDRESS.search(one.value[:LIMIT_TEXT]) for one in texts):
        yield from (Offer(licence_uri=one.where) for one in texts)
