"""Why a row got its answer: the row, its case, the evidence and the assumptions put into sentences, from the files of the run alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sekisho import datasets, law, policy
from sekisho.claims import facts
from sekisho.desks import found_works
from sekisho.desks.finished import run_of
from sekisho.engine import CASES, OBSERVATIONS, SIDES, read_footer
from sekisho.errors import UsageError
from sekisho.facts import ASSUMPTIONS
from sekisho.law import Pack
from sekisho.law.wording import OUTCOME_TEXT
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Outcome, Policy, Text, Value, Verdict
from sekisho.policy import POLICY_TEXT

MOST_QUOTES = 6
POINTS = ("rsl", Value.UNKNOWN)
"""The protocol and value of a statement that only says where terms are kept."""
ADDRESS = re.compile(r"https?://[^\s<>\"';,]+")


@dataclass(frozen=True)
class Explanation:
    """A row with everything its answer stands on; ``case`` is None for a row that could not be read."""

    row: dict[str, Any]
    case: dict[str, Any] | None
    evidence: list[dict[str, Any]]
    run: dict[str, Any]
    works: list[dict[str, Any]]
    """The registered works that were found in it, with what their holders said on the day, and where."""

    @property
    def options(self) -> dict[str, Any]:
        """What the run was asked."""
        options: dict[str, Any] = self.run["options"]
        return options

    @property
    def pack(self) -> Pack:
        """The law pack that the run was judged by."""
        folder = self.options.get("pack")
        return law.pack(Path(folder) if folder else None)

    @property
    def assumed(self) -> dict[str, str]:
        """The assumptions that this answer still rests on: those that nothing replaced."""
        if self.case is None:
            return {}
        held = [{**dict(claim["facts"]), **dict(answer["local"])} for claim in self.case["claims"] for answer in claim["jurisdictions"]]
        given = self.options["facts"]
        assumptions = ASSUMPTIONS[self.options["assume"]].items()
        return {name: value for name, value in assumptions if name not in given and any(f.get(name) == value for f in held)}

    @property
    def declared(self) -> dict[str, str]:
        """What the data set itself says of the row and was believed: column → value (``declared-by: dataset``)."""
        path = self.run["inputs"][_place(self.row["sekisho_id"])[0]]["path"]
        columns = [column for named in self.run["declared"].get(path, {}).values() for column in named.values()]
        return {column: str(self.row[column]) for column in columns if self.row.get(column)}

    def as_json(self) -> dict[str, Any]:
        """The explanation for programs."""
        own = {name: value for name, value in self.row.items() if not isinstance(value, bytes)}
        return {
            "id": self.row["sekisho_id"],
            "verdict": self.row["sekisho_verdict"],
            "why": self.row["sekisho_reason"],
            "on": self.options["on"],
            "policy": self.options["policy"],
            "row": own,
            "case": self.case,
            "evidence": self.evidence,
            "works": self.works,
            "assumed": self.assumed,
            "declared_by_dataset": self.declared,
            "notice": NOT_ADVICE.en,
        }


ITSELF = Text("For the item itself", "対象そのものについて")
WHOSE = {
    "none": ITSELF,
    "unknown": ITSELF,
    "unreadable": Text("For what may be a registered work", "登録著作物の可能性があるものについて"),
}
"""Whose claim it is, by what it says of a holder's terms; any other is a registered work's."""


def explain(out: Path, item: str) -> Explanation:
    """The explanation of ``item``: a sekisho_id (``0:17``) or the URL of a row. Raises InputError when the run or the row is not there."""
    run = run_of(out)
    row = _by_id(out, item) if _is_id(item) else _by_url(out, item, run["options"]["url_column"])
    if row is None:
        raise UsageError(
            f"No row {item} in {out}. Give an id as in the column sekisho_id, or the exact URL of a row.",
            f"{out} に {item} という行はありません。sekisho_id 列の値か、行の URL を正確に指定してください。",
        )
    return Explanation(row, _case(out, row["sekisho_case"]), _evidence(out, row["sekisho_evidence"]), run, found_works.of_row(out, row))


def _is_id(item: str) -> bool:
    number, _, row = item.partition(":")
    return number.isdecimal() and row.isdecimal()


def _place(identifier: str) -> tuple[int, int]:
    number, _, row = identifier.partition(":")
    return int(number), int(row)


def _by_id(out: Path, item: str) -> dict[str, Any] | None:
    """The row with this id, from the one row group that can hold it."""
    for path in _files(out, f"{_place(item)[0]:05d}-*.parquet"):
        footer = read_footer(path)
        group = bisect_right([_place(first) for first in footer[1]], _place(item)) - 1 if footer else -1
        found = _first(pq.ParquetFile(path).read_row_group(group), "sekisho_id", ":".join(map(str, _place(item)))) if group >= 0 else None
        if found:
            return found
    return None


def _by_url(out: Path, url: str, wanted: str | None) -> dict[str, Any] | None:
    """The first row with this URL."""
    for path in _files(out, "*.parquet"):
        file = pq.ParquetFile(path)
        name = datasets.url_column(file.schema_arrow, wanted)
        for group in range(file.num_row_groups):
            found = _first(file.read_row_group(group), name, url)
            if found:
                return found
    return None


def _files(out: Path, pattern: str) -> Iterator[Path]:
    return (path for side in SIDES for path in sorted((out / side).glob(pattern)))


def _first(table: pa.Table, name: str, value: str) -> dict[str, Any] | None:
    rows = table.filter(pc.equal(datasets.column(table, name).cast(pa.string()), value)).slice(0, 1).to_pylist()
    return rows[0] if rows else None


def _case(out: Path, name: str | None) -> dict[str, Any] | None:
    return _first(pq.read_table(out / CASES), "case", name) if name else None


def _evidence(out: Path, numbers: list[int] | None) -> list[dict[str, Any]]:
    if not numbers:
        return []
    table = pq.read_table(out / OBSERVATIONS, filters=[("number", "in", numbers)])
    return [row | {"at": row["at"].isoformat() if row["at"] else None} for row in table.to_pylist()]


def sentences(found: Explanation, lang: str) -> Iterator[str]:
    """The explanation as lines of text in English or Japanese."""
    row, options = found.row, found.options
    verdict = VERDICT_TEXT[Verdict(row["sekisho_verdict"])].lang(lang)
    where = next((" ".join(str(row[name]).split()) for name in row if name.lower() in datasets.URL_COLUMNS and row[name]), "")
    held_to = POLICY_TEXT[Policy(options["policy"])]
    yield Text(
        f"{row['sekisho_id']} {where}\n{verdict.upper()} on {options['on']}, policy: {held_to.en}.",
        f"{row['sekisho_id']} {where}\n判定：{verdict}（{options['on']} 時点、方針：{held_to.ja}）",
    ).lang(lang)
    if found.case is None:
        yield Text(f"It could not be read: {row['sekisho_reason']}.", f"読み取れませんでした：{row['sekisho_reason']}").lang(lang)
        return
    for claim in found.case["claims"]:
        yield from _claim(claim, found.case["claims"], lang)
        for answer in claim["jurisdictions"]:
            yield from _country(answer, found.pack, lang)
    yield from _listed(Text("Registered works found in it", "見つかった登録著作物"), list(found_works.lines(found.works, lang)), lang)
    told = [line for seen in found.evidence for line in _seen(seen, lang)]
    yield from _listed(Text("Evidence", "証拠"), [*told, *_not_on_record(found.evidence, lang)], lang)
    yield from _listed(
        Text("Assumed, not shown", "示されておらず前提としたこと"), [_fact(n, v, lang) for n, v in found.assumed.items()], lang
    )
    yield from _listed(Text("What would change the answer", "答えが変わる条件"), list(_changes(found.case, lang)), lang)
    if options["hindsight"]:
        yield Text("Hindsight: observations after that day were heard too.", "後知恵：この日より後の観測も考慮しています。").lang(lang)
    yield NOT_ADVICE.lang(lang)


def _claim(claim: dict[str, Any], claims: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
    """Of several claims, which this is: the item's own or a registered work's, told by the facts that are not alike in all of them."""
    if len(claims) == 1:
        return
    own = dict(claim["facts"])
    apart = [_fact(name, value, lang) for name, value in own.items() if any(dict(each["facts"]).get(name) != value for each in claims)]
    head = WHOSE.get(own.get("registry_terms", "unknown"), Text("For a registered work in it", "その中の登録著作物について"))
    told = Text(f" ({'; '.join(apart)})", f"（{'；'.join(apart)}）").lang(lang) if apart else ""
    yield f"\n{head.lang(lang)}{told}"


def _country(answer: dict[str, Any], pack: Pack, lang: str) -> Iterator[str]:
    """What one country's law says, what the policy adds, and on what conditions."""
    name = pack.jurisdiction(answer["jurisdiction"]).name.lang(lang)
    checked = Text("verified", "確認済み") if answer["verified"] else Text("to be confirmed", "要確認")
    disputed = Text(", contestable", "・争いあり") if answer["contestable"] else Text("", "")
    verdict, outcome = VERDICT_TEXT[Verdict(answer["verdict"])], OUTCOME_TEXT[Outcome(answer["outcome"])]
    yield Text(
        f"\n{name}: {verdict.en}. The law: {outcome.en} ({answer['rule']}, {answer['authority']}, {checked.en}{disputed.en}).",
        f"\n{name}：{verdict.ja}。法：{outcome.ja}（{answer['rule']}、{checked.ja}{disputed.ja}）。",
    ).lang(lang)
    if answer["reason"]:
        yield f"  {answer['reason'][lang]} [{answer['citation'][lang]}]"
    if answer["policy_reason"]:
        said = policy.texts()[answer["policy_reason"]].lang(lang)
        yield Text(
            f"  The policy is stricter: {said} ({answer['policy_reason']})", f"  方針により厳格化：{said}（{answer['policy_reason']}）"
        ).lang(lang)
    for code in answer["conditions"]:
        words = _condition(code, pack).lang(lang)
        yield Text(f"  On condition: {words}", f"  条件：{words}").lang(lang)


def _condition(code: str, pack: Pack) -> Text:
    """The words of a condition, the law's or the policy's."""
    own = policy.texts().get(code)
    if own:
        return own
    known = (c for file in pack.files.values() for rule in file.rules for c in rule.conditions)
    return next((condition.text for condition in known if condition.code == code), Text(code, code))


def _seen(seen: dict[str, Any], lang: str) -> Iterator[str]:
    """One observation with the lines of it that spoke."""
    at = (seen["at"] or "?")[:10]
    answer = seen["failure"] or seen["status"]
    yield Text(f"{seen['url']}, seen {at}, answer {answer}", f"{seen['url']}（{at} 観測、応答 {answer}）").lang(lang)
    for line in seen["spoke"][:MOST_QUOTES]:
        quoted = " ".join(line["quote"].split())[:160]
        yield f"  {line['protocol']} {line['where']}: {quoted} → {line['axis']}={line['value']}"


def _not_on_record(evidence: list[dict[str, Any]], lang: str) -> Iterator[str]:
    """The terms that the evidence points to and that are not on record."""
    pointers = (line["quote"] for seen in evidence for line in seen["spoke"] if (line["protocol"], line["value"]) == POINTS)
    on_record = {seen["url"] for seen in evidence}
    for address in dict.fromkeys(address for words in pointers for address in ADDRESS.findall(words)):
        if address not in on_record:
            yield Text(
                f"The terms at {address} are not on record: sekisho observe {address}",
                f"{address} の条件は記録にありません：sekisho observe {address}",
            ).lang(lang)


def _changes(case: dict[str, Any], lang: str) -> Iterator[str]:
    """What would change the answer, each said once with the countries where it would."""
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for claim in case["claims"]:
        for answer in claim["jurisdictions"]:
            for change in answer["sensitive_to"]:
                key = (change["fact"], change["value"], change["verdict"], change["why"])
                places.setdefault(key, []).append(answer["jurisdiction"])
    for (fact, value, verdict, why), countries in places.items():
        then = VERDICT_TEXT[Verdict(verdict)].lang(lang)
        yield f"{_fact(fact, value, lang)} → {', '.join(dict.fromkeys(countries))}: {then} ({why})"


def _fact(name: str, value: str, lang: str) -> str:
    fact = facts()[name]
    return f"{fact.name.lang(lang)}: {fact.value_texts[fact.codes[value]].lang(lang)} ({name}={value})"


def _listed(head: Text, lines: list[str], lang: str) -> Iterator[str]:
    if lines:
        yield "\n" + head.lang(lang) + Text(":", "：").lang(lang)
        yield from (f"  {line}" for line in lines)
