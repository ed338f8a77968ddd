"""What the user holds to beside the law: reasons that tighten a verdict, on columns of facts; never mixed with the law, never loosening it.

``law`` adds nothing but care with what could not be read, ``signals`` every reservation and refusal, ``consent`` asks for a yes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sekisho.claims import facts
from sekisho.law import Column
from sekisho.model import Policy, Stage, Text, Verdict

VERDICTS = tuple(Verdict)
ALLOW, UNKNOWN, LICENCE, DENY = range(4)
"""Codes of verdicts: their place in VERDICTS, loosest first, so several fold to the largest."""

POLICY_TEXT = {
    Policy.LAW: Text("the law alone", "法のみ"),
    Policy.SIGNALS: Text("the law and every signal", "法とあらゆる意思表示"),
    Policy.CONSENT: Text("only with a yes", "同意がある場合のみ"),
}
Facts = Mapping[str, Column]
Mask = NDArray[np.bool_]
READ_SOMEWHERE = ("pd", "optout_loc", "optout_asset", "optout_nl", "licence_covers", "registry_terms", "crawl")
"""Facts of evidence: looked at, they may turn out unreadable."""


@cache
def texts() -> dict[str, Text]:
    """Reason and condition code → its words."""
    table = tomllib.loads(Path(__file__).with_name("policy.toml").read_text("utf-8"))
    return {code: Text(entry["en"], entry["ja"]) for kind in ("reason", "condition") for code, entry in table[kind].items()}


def reasons() -> tuple[str, ...]:
    """Every policy reason by code; code 0 is the empty word: the law itself decided."""
    return ("", *(name for name in texts() if name.startswith("P-")))


def among(columns: Facts, name: str, *values: str) -> Mask:
    """For each row, whether the fact ``name`` has one of ``values``."""
    wanted = np.zeros(256, np.bool_)
    wanted[[facts()[name].codes[value] for value in values]] = True
    return wanted[columns[name]]


def tightenings(columns: Facts, policy: Policy, stage: Stage) -> Iterator[tuple[int, str, Mask]]:
    """What a policy adds to the law: (verdict code, reason, rows), strictest first.

    Public domain lifts reservations of use, not a refusal to be crawled; a grant held by the user lifts both.
    """
    if policy is Policy.LAW:
        return
    granted = among(columns, "grant", "yes")
    free = among(columns, "pd", "yes")
    bound = ~(granted | free)
    reserved = among(columns, "optout_loc", "yes", "general") | among(columns, "optout_asset", "yes")
    offered = among(columns, "offered", "yes")
    refused = among(columns, "registry_terms", "deny")
    yield DENY, "P-SOURCE", among(columns, "source_infringing", "known")
    yield DENY, "P-HOLDER", refused & bound
    yield DENY, "P-RESERVED", reserved & ~offered & bound
    yield DENY, "P-CRAWL", among(columns, "crawl", "deny") & ~granted & ~(offered & bound)
    yield LICENCE, "P-TERMS", reserved & offered & bound
    yield LICENCE, "P-OFFER", among(columns, "registry_terms", "offer") & bound
    yield LICENCE, "P-PRICE", among(columns, "crawl", "licence") & ~granted
    yield UNKNOWN, "P-UNCLEAR", among(columns, "unclear", "yes") & bound
    yield UNKNOWN, "P-CLAIMED", among(columns, "claimed", "deny") & bound
    yield UNKNOWN, "P-PROSE", among(columns, "optout_nl", "yes") & bound
    if policy is Policy.CONSENT:
        yield from _consent(columns, stage, refused & free & ~granted)


def _consent(columns: Facts, stage: Stage, contradicted: Mask) -> Iterator[tuple[int, str, Mask]]:
    """Nothing is allowed without a yes; an output that takes nothing from anybody needs none."""
    yes = among(columns, "grant", "yes") | among(columns, "pd", "yes") | among(columns, "licence_covers", "yes", "yes_attrib")
    yes |= among(columns, "registry_terms", "allow", "allow_attrib")
    if stage is Stage.OUTPUT:
        yes |= among(columns, "output_sim", "none", "style") | among(columns, "access", "no")
    no_yes = among(columns, "pd", "no") & among(columns, "licence_covers", "no", "none")
    yield LICENCE, "P-NO-YES", ~yes & no_yes
    yield UNKNOWN, "P-MAYBE-YES", ~yes & ~no_yes
    yield UNKNOWN, "P-CONTRADICTION", contradicted


def tighten(verdict: Column, columns: Facts, policy: Policy, stage: Stage) -> tuple[Column, Column]:
    """The verdicts (codes) once the policy has had its word, and the reason (code of ``reasons()``, 0 where the law stays decisive)."""
    verdict, reason = verdict.copy(), np.zeros(len(verdict), np.uint8)
    for code, name, rows in tightenings(columns, policy, stage):
        stricter = rows & (verdict < code)
        verdict[stricter] = code
        reason[stricter] = reasons().index(name)
    return verdict, reason


Judge = Callable[[Facts], Column]


def hold_the_unread(verdict: Column, reason: Column, columns: Facts, judge: Judge) -> None:
    """Turn ``allow`` into ``unknown``, in place, wherever evidence that nobody could read, or nobody looked at, might say something stricter.

    ``judge`` gives the verdicts for supposed facts. Unreadable never means allow (design, section 2).
    """
    never = among(columns, "looked", "never") & (columns["optout_loc"] == 0)
    for name in READ_SOMEWHERE:
        unread = columns[name] == facts()[name].codes["unreadable"]
        skipped = never if name in {"optout_loc", "crawl"} else np.zeros(len(never), np.bool_)
        rows = np.flatnonzero((unread | skipped) & (verdict == ALLOW))
        if len(rows) and (stricter := _could_be_stricter(name, {key: column[rows] for key, column in columns.items()}, judge)).any():
            held = rows[stricter]
            verdict[held] = UNKNOWN
            reason[held] = np.where(unread[held], reasons().index("P-UNREADABLE"), reasons().index("P-NEVER-LOOKED"))


def _could_be_stricter(name: str, columns: Facts, judge: Judge) -> Mask:
    size = len(columns[name])
    values = [code for value, code in facts()[name].codes.items() if value not in {"unknown", "unreadable"}]
    supposed = [judge({**columns, name: np.full(size, code, np.uint8)}) > ALLOW for code in values]
    return np.asarray(np.logical_or.reduce(supposed))


def conditions(columns: Facts, verdict: Column) -> dict[str, Mask]:
    """What the policy attaches to an allow: condition code → rows."""
    allowed = verdict == ALLOW
    return {
        "read-the-file": allowed & among(columns, "file", "absent"),
        "get-it-from-the-holder": allowed & among(columns, "grant", "yes") & among(columns, "crawl", "deny"),
    }
