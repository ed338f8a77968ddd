"""``report.html``: one page for the compliance lead that opens offline, in English and Japanese with a switch; numbers only from the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa
from markupsafe import Markup

from sekisho import law, policy
from sekisho.cases import judged, key_of
from sekisho.claims import facts, tuple_of
from sekisho.decide import Question
from sekisho.law.wording import OUTCOME_TEXT
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Outcome, Policy, Text, Verdict
from sekisho.policy import VERDICTS
from sekisho.report import charts
from sekisho.report.charts import Flow

LANGUAGES = ("en", "ja")
CASES_SHOWN = 400
HOSTS_SHOWN = 20
CHANGES_SHOWN = 12
FIRST_YEAR = 2018
UNREAD = "unread"
LOOKED = {
    "read": Text("location read", "配信元を確認"),
    "failed": Text("location failed", "配信元の確認に失敗"),
    "never": Text("location never looked at", "配信元を未確認"),
    "nowhere": Text("no address", "所在なし"),
}
SAID = {
    "reserved": Text("reserved", "留保あり"),
    "unclear": Text("unclear or unreadable", "不明瞭・読取不可"),
    "silent": Text("nothing said against", "留保なし"),
}


def page(run: Mapping[str, Any], cases: pa.Table, observations: pa.Table) -> str:
    """The page of a run from ``run.json``, its cases and its observations; under a megabyte whatever the number of rows."""
    rows = cases.to_pylist()
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"both": both, "number": lambda value: f"{value:,}"}
    template = environment.from_string(files("sekisho.report").joinpath("page.html.j2").read_text("utf-8"))
    changes = _changes(rows)
    return template.render(
        run=run,
        options=run["options"],
        verdicts=[(verdict.value, VERDICT_TEXT[verdict]) for verdict in Verdict],
        notice=NOT_ADVICE,
        assumed=[_fact(name, value) for name, value in run["assumptions"].items()],
        given=[_fact(name, value) for name, value in run["options"]["facts"].items()],
        charts={lang: _charts(run, rows, lang) for lang in LANGUAGES},
        moves=_years(run, rows),
        spoke=_spoke(observations),
        deciding=_deciding(run, rows),
        changes=changes[:CHANGES_SHOWN],
        hosts=list(run["hosts"].items())[:HOSTS_SHOWN],
        cases=[_case(row) for row in sorted(rows, key=lambda row: -row["rows"])[:CASES_SHOWN]],
        left_away=max(len(rows) - CASES_SHOWN, 0),
        seen=observations.num_rows,
    )


def both(text: Text) -> Markup:
    """A text in both languages, of which the switch shows one."""
    return Markup('<span lang="en">{}</span><span lang="ja">{}</span>').format(text.en, text.ja)


def _charts(run: Mapping[str, Any], cases: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    codes = run["options"]["jurisdictions"]
    counts = {code: _verdicts(run["counts"].get(code, {})) for code in codes}
    columns, flows, labels = _flow(run, cases)
    named = {name: text.lang(lang) for name, text in labels.items()}
    through = {
        code: Markup(charts.years(code, [day for day, _ in moves], [counted for _, counted in moves], lang))  # noqa: S704 - drawn here
        for code, moves in _years(run, cases).items()
    }
    shares, flow = charts.shares(counts, lang), charts.flow(columns, flows, named, lang)
    return {"shares": Markup(shares), "flow": Markup(flow), "years": through}  # noqa: S704 - drawn here, words escaped by the library


def _verdicts(counted: Mapping[str, int]) -> dict[Verdict, int]:
    return {verdict: counted.get(verdict.value, 0) for verdict in Verdict}


def _flow(run: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> tuple[list[list[str]], list[Flow], dict[str, Text]]:
    """The way of the rows: all of them, what was looked at, what was said, the verdict over all countries."""
    ways: Counter[tuple[str, str, str]] = Counter()
    for case in cases:
        held = dict(case["claims"][0]["facts"])
        ways[held.get("looked", "never"), _said(held), case["verdict"]] += case["rows"]
    unread = run["rows"] - sum(ways.values())
    steps: Counter[tuple[str, str]] = Counter({("all", UNREAD): unread, (UNREAD, Verdict.UNKNOWN.value): unread})
    for (looked, said, verdict), count in ways.items():
        steps.update({("all", looked): count, (looked, said): count, (said, verdict): count})
    flows = [Flow(*step, count) for step, count in sorted(steps.items()) if count]
    columns = [["all"], [*LOOKED, UNREAD], [*SAID], [verdict.value for verdict in Verdict]]
    labels = {
        "all": Text("all rows", "全行"),
        UNREAD: Text("could not be read", "読めなかった行"),
        **LOOKED,
        **SAID,
        **{verdict.value: VERDICT_TEXT[verdict] for verdict in Verdict},
    }
    return columns, flows, labels


def _said(held: Mapping[str, str]) -> str:
    if held.get("optout_loc") in {"yes", "general"} or held.get("optout_asset") == "yes":
        return "reserved"
    doubtful = held.get("unclear") == "yes" or "unreadable" in {held.get("optout_loc"), held.get("optout_asset")}
    return "unclear" if doubtful else "silent"


def _years(run: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, dict[Verdict, int]]]]:
    """For each country the verdicts of these very cases under the law of each year: evidence held still, only the law moves."""
    options = run["options"]
    codes, today = tuple(options["jurisdictions"]), date.fromisoformat(options["on"])
    days = [date(year, 7, 1) for year in range(FIRST_YEAR, today.year)] + [today]
    found: dict[str, list[tuple[str, dict[Verdict, int]]]] = {code: [] for code in codes}
    keys = [key_of([[tuple_of(dict(facts_)) for facts_ in _local(claim, codes)] for claim in case["claims"]]) for case in cases]
    for day in days if keys else []:
        folder = options.get("pack")
        question = Question(codes, day, policy=Policy(options["policy"]), pack=law.pack(Path(folder) if folder else None))
        answers = judged(list(dict.fromkeys(keys)), question)
        number = {key: index for index, key in enumerate(answers.keys)}
        for place, code in enumerate(codes):
            counted: Counter[Verdict] = Counter()
            for key, case in zip(keys, cases, strict=True):
                counted[VERDICTS[answers.by_jurisdiction[number[key], place]]] += case["rows"]
            found[code].append((day.isoformat(), dict(counted)))
    return found


def _local(claim: Mapping[str, Any], codes: Sequence[str]) -> Iterator[dict[str, str]]:
    """The claim's facts for each country."""
    common = dict(claim["facts"])
    local = {answer["jurisdiction"]: dict(answer["local"]) for answer in claim["jurisdictions"]}
    return ({**common, **local[code]} for code in codes)


def _spoke(observations: pa.Table) -> list[tuple[str, int, int]]:
    """Protocol → how many sources spoke in it, and how many of them refused or asked for terms."""
    sources: Counter[str] = Counter()
    refusing: Counter[str] = Counter()
    for spoken in observations.column("spoke").to_pylist():
        sources.update({line["protocol"] for line in spoken})
        refusing.update({line["protocol"] for line in spoken if line["value"] in {"deny", "licence"}})
    return [(protocol, count, refusing[protocol]) for protocol, count in sorted(sources.items(), key=lambda pair: (-pair[1], pair[0]))]


def _deciding(run: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What decided, with how many rows, and where it is written."""
    rules = {answer["rule"]: answer for case in cases for claim in case["claims"] for answer in claim["jurisdictions"]}
    ordered = sorted(run["counts"].get("reason", {}).items(), key=lambda pair: -pair[1])
    return [{"id": name, "rows": count, **_written(name, rules)} for name, count in ordered]


def _written(name: str, rules: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    if name in rules and rules[name]["reason"]:
        rule = rules[name]
        reason, cited = Text(rule["reason"]["en"], rule["reason"]["ja"]), Text(rule["citation"]["en"], rule["citation"]["ja"])
        return {"reason": reason, "cited": cited, "verified": rule["verified"], "contestable": rule["contestable"]}
    nothing = Text("", "")
    return {"reason": policy.texts().get(name, Text(name, name)), "cited": nothing, "verified": True, "contestable": False}


def _changes(cases: Sequence[Mapping[str, Any]]) -> list[tuple[Text, Text, int]]:
    """What would change the answer of rows that are not allowed: (fact, verdict it would become, rows), most rows first."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for case in cases:
        if case["verdict"] == Verdict.ALLOW.value:
            continue
        answers = [answer for claim in case["claims"] for answer in claim["jurisdictions"]]
        told = dict.fromkeys((c["fact"], c["value"], c["verdict"]) for answer in answers for c in answer["sensitive_to"])
        counted.update(dict.fromkeys(told, case["rows"]))
    return [(_fact(fact, value), VERDICT_TEXT[Verdict(verdict)], rows) for (fact, value, verdict), rows in counted.most_common()]


def _fact(name: str, value: str) -> Text:
    if name not in facts():
        return Text(f"{name}={value}", f"{name}={value}")
    fact = facts()[name]
    text = fact.value_texts[fact.codes[value]]
    return Text(f"{fact.name.en}: {text.en} ({name}={value})", f"{fact.name.ja}：{text.ja}（{name}={value}）")


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    answers = [
        {
            "place": answer["jurisdiction"],
            "verdict": answer["verdict"],
            "words": VERDICT_TEXT[Verdict(answer["verdict"])],
            "outcome": OUTCOME_TEXT[Outcome(answer["outcome"])],
            "rule": answer["rule"],
            "policy": answer["policy_reason"],
        }
        for claim in case["claims"]
        for answer in claim["jurisdictions"]
    ]
    held = " ".join(f"{name}={value}" for claim in case["claims"] for name, value in claim["facts"])
    return {"name": case["case"], "rows": case["rows"], "why": case["why"], "facts": held, "answers": answers}
