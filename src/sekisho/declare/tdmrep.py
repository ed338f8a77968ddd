"""TDMRep: the reservation as ``tdmrep.json``, and the policy under which it can be lifted (Final Community Group Report, sections 5 and 6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sekisho.declare.part import About, File
from sekisho.declare.terms import LICENSED, STRICTNESS, TRAINING, Answer, Terms
from sekisho.model import Axis, Observation, Source, Text

ABOUT = About(
    Text("tdmrep.json and its policy", "tdmrep.json と方針ファイル"),
    Text(
        "Reserves, or opens, text and data mining under Article 4 of the EU directive 2019/790; the policy says how a licence can be had.",
        "EU指令2019/790第4条にいうテキスト・データマイニングの権利を留保（または開放）します。方針ファイルは許諾の得方を示します。",
    ),
    Text(
        "Upload tdmrep.json into the folder .well-known at the root of your site, and tdm-policy.json, if it was written, at the root itself.",
        "tdmrep.json はサイト直下の .well-known フォルダーへ、tdm-policy.json があればサイト直下へ置いてください。",
    ),
    Text(
        "It does not bind scientific research under Article 3, nor users outside the EU.",
        "EU指令第3条の学術研究と、EU域外の利用者は拘束しません。",
    ),
)
POLICY = "/tdm-policy.json"


def reserved(terms: Terms) -> int | None:
    """1 when mining is reserved, 0 when all of it is open, None when that cannot be said (credit is no word of TDMRep)."""
    if terms.refuse(Axis.TDM):
        return 1
    return 0 if terms.grant(Axis.TDM) and _is_one_answer(terms) else None


def policy_url(terms: Terms) -> str:
    """Where the policy lies; empty when there is none, as where a licence for mining would also seem to cover a use that was refused."""
    return terms.site + POLICY if terms.uses.get(Axis.TDM) in LICENSED and _is_one_answer(terms) else ""


def _is_one_answer(terms: Terms) -> bool:
    """Whether no use within mining was answered more strictly: TDMRep speaks of all of them at once."""
    return all(STRICTNESS[terms.uses[axis]] <= STRICTNESS[terms.uses[Axis.TDM]] for axis in TRAINING if axis in terms.uses)


def files(terms: Terms) -> Iterator[File]:
    """The reservation, one rule a path, and the policy if a licence can be had."""
    reservation, policy = reserved(terms), policy_url(terms)
    if reservation is None:
        return
    more = {"tdm-policy": policy} if policy else {}
    rules = [{"location": path, "tdm-reservation": reservation} | more for path in terms.paths]
    content = json.dumps(rules, indent=2) + "\n"
    url = f"{terms.site}/.well-known/tdmrep.json"
    yield File("site/.well-known/tdmrep.json", content, (Observation(url, Source.TDMREP, content.encode(), status=200),))
    if policy:
        content = json.dumps(_policy(terms), indent=2, ensure_ascii=False) + "\n"
        yield File(f"site{POLICY}", content, (Observation(policy, Source.POLICY, content.encode(), status=200),))


def _policy(terms: Terms) -> dict[str, Any]:
    duty = "obtainConsent" if terms.uses[Axis.TDM] is Answer.ASK else "compensate"
    party = {"vcard:fn": terms.holder, "vcard:hasEmail": terms.mail and f"mailto:{terms.mail}", "vcard:hasURL": terms.page}
    return {
        "@context": [
            "http://www.w3.org/ns/odrl.jsonld",
            {"tdm": "http://www.w3.org/ns/tdmrep#", "vcard": "http://www.w3.org/2006/vcard/ns#"},
        ],
        "@type": "Offer",
        "profile": "http://www.w3.org/ns/tdmrep",
        "uid": terms.site + POLICY,
        "assigner": {key: value for key, value in party.items() if value},
        "permission": [{"action": "tdm:mine", "duty": [{"action": duty}]}],
    }
