"""``report.html``: one page for the compliance lead that opens offline, in English and Japanese with a switch; numbers only from the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from sekisho import law, policy
from sekisho.claims import facts
from sekisho.datasets import UNREAD
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Policy, Text, Verdict
from sekisho.policy import POLICY_TEXT, VERDICTS
from sekisho.report import charts, japanese
from sekisho.report.again import Again
from sekisho.report.charts import Flow

LANGUAGES = ("en", "ja")
CASES_SHOWN = 200
CASES_BYTES = 500_000
"""How many cases the page lists, largest first, and how much they may take; the table of cases has them all."""
HOSTS_SHOWN = 20
INPUTS_SHOWN = 10
AGENTS_SHOWN = 20
CHANGES_SHOWN = 12
FIRST_YEAR = 2018
NOT_READ = "unread"
TELLING = (
    "looked", "optout_loc", "optout_asset", "optout_nl", "unclear", "crawl", "offered", "lawful_access", "licence_covers", "registry_terms",
    "source_infringing", "paid_dataset", "grant", "claimed", "file", "content_kind",
)  # fmt: skip
"""Facts in which rows differ; what holds for all of them stands at the top of the page."""
USUAL = {("unclear", "no"), ("lawful_access", "yes"), ("crawl", "allow"), ("file", "absent"), ("licence_covers", "none")}
"""What goes without saying."""
LOOKED = {
    "read": Text("location read", "配信元を確認"),
    "failed": Text("location failed", "配信元の確認に失敗"),
    "never": Text("location never looked at", "配信元を未確認"),
    "nowhere": Text("no address", "所在なし"),
}
SAID = {
    "silent": Text("nothing said against", "留保なし"),
    "reserved": Text("reserved", "留保あり"),
    "unclear": Text("unclear or unreadable", "不明瞭・読取不可"),
    "unheard": Text("not known", "確認できず"),
}


def page(run: Mapping[str, Any], cases: pa.Table, observations: pa.Table) -> str:
    """The page of a run from ``run.json``, its cases and its observations; under a megabyte whatever the number of rows."""
    rows = cases.to_pylist()
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sekisho.report", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"both": both, "number": lambda value: f"{value:,}"}
    template = environment.get_template("page.html.j2")
    opening, other = _changes(rows)
    shown, places, again = list(_listed(rows)), _places(run), Again(run["options"], rows)
    return template.render(
        run=run,
        options=run["options"],
        purpose=_value("purpose", run["options"]["purpose"]),
        policy=POLICY_TEXT[Policy(run["options"]["policy"])],
        places=places,
        kept=run["counts"].get("verdict", {}).get(Verdict.ALLOW.value, 0),
        inputs=[{**each, "name": Path(each["path"]).name} for each in run["inputs"][:INPUTS_SHOWN]],
        more_inputs=max(len(run["inputs"]) - INPUTS_SHOWN, 0),
        conditions=_conditions(run),
        verdicts=[(verdict.value, VERDICT_TEXT[verdict]) for verdict in Verdict],
        notice=NOT_ADVICE,
        assumed=[_fact(name, value) for name, value in run["assumptions"].items()],
        given=[_fact(name, value) for name, value in run["options"]["facts"].items()],
        charts={lang: _charts(run, again, lang) for lang in LANGUAGES},
        spoke=_spoke(observations),
        agents=_agents(observations),
        deciding=_deciding(run, rows),
        opening=opening[:CHANGES_SHOWN],
        changes=other[:CHANGES_SHOWN],
        hosts=list(run["hosts"].items())[:HOSTS_SHOWN],
        cases=shown,
        left_away=len(rows) - len(shown),
        seen=observations.num_rows,
        japanese=japanese.section(run, again, {code: name for code, name, _, _ in places[:-1]}),
    )


def both(text: Text) -> Markup:
    """A text in both languages, of which the switch shows one."""
    return Markup('<span lang="en">{}</span><span lang="ja">{}</span>').format(text.en, text.ja)


def _places(run: Mapping[str, Any]) -> list[tuple[str, Text, list[tuple[int, str]], int]]:
    """For each jurisdiction, and for all together: its code, its name, the rows of each verdict with their share, all its rows."""
    pack = law.pack(Path(run["options"]["pack"]) if run["options"].get("pack") else None)
    named = [(code, pack.jurisdiction(code).name) for code in run["options"]["jurisdictions"]]
    found = []
    for code, name in [*named, ("verdict", Text("all together: the strictest counts", "総合：最も厳しい判定"))]:
        counted = list(_verdicts(run["counts"].get(code, {})).values())
        total = sum(counted)
        found.append((code, name, [(count, f"{100 * count / max(total, 1):.1f} %") for count in counted], total))
    return found


def _conditions(run: Mapping[str, Any]) -> list[tuple[str, Text, int]]:
    """What must be done for an allow to hold: (code, words, rows), most rows first."""
    pack = law.pack(Path(run["options"]["pack"]) if run["options"].get("pack") else None)
    words = {each.code: each.text for file in pack.files.values() for rule in file.rules for each in rule.conditions} | policy.texts()
    counted = sorted(run["counts"].get("conditions", {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return [(code, words.get(code, Text(code, code)), rows) for code, rows in counted]


def _charts(run: Mapping[str, Any], again: Again, lang: str) -> dict[str, Any]:
    codes = run["options"]["jurisdictions"]
    counts = {code: _verdicts(run["counts"].get(code, {})) for code in codes}
    columns, flows, labels = _flow(run, again.cases)
    named = {name: text.lang(lang) for name, text in labels.items()}
    through = {
        code: Markup(charts.years(code, [day for day, _ in moves], [counted for _, counted in moves], lang))  # noqa: S704 - drawn here
        for code, moves in _years(again).items()
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
    steps: Counter[tuple[str, str]] = Counter({("all", NOT_READ): unread, (NOT_READ, Verdict.UNKNOWN.value): unread})
    for (looked, said, verdict), count in ways.items():
        steps.update({("all", looked): count, (looked, said): count, (said, verdict): count})
    flows = [Flow(*step, count) for step, count in sorted(steps.items()) if count]
    columns = [["all"], [*LOOKED, NOT_READ], [*SAID], [verdict.value for verdict in Verdict]]
    labels = {
        "all": Text("all rows", "全行"),
        NOT_READ: Text("could not be read", "読めなかった行"),
        **LOOKED,
        **SAID,
        **{verdict.value: VERDICT_TEXT[verdict] for verdict in Verdict},
    }
    return columns, flows, labels


def _said(held: Mapping[str, str]) -> str:
    if held.get("optout_loc") in {"yes", "general"} or held.get("optout_asset") == "yes":
        return "reserved"
    if held.get("unclear") == "yes" or "unreadable" in {held.get("optout_loc"), held.get("optout_asset")}:
        return "unclear"
    heard = held.get("optout_asset") if held.get("looked") == "nowhere" else held.get("optout_loc")
    return "silent" if heard == "no" else "unheard"


def _years(again: Again) -> dict[str, list[tuple[str, dict[Verdict, int]]]]:
    """For each country the verdicts of these very cases under the law of each year: evidence held still, only the law moves."""
    today = date.fromisoformat(again.options["on"])
    days = [date(year, 7, 1) for year in range(FIRST_YEAR, today.year)] + [today]
    found: dict[str, list[tuple[str, dict[Verdict, int]]]] = {code: [] for code in again.codes}
    for day in days:
        verdicts = again.verdicts(on=day)
        for place, code in enumerate(again.codes):
            counted: Counter[Verdict] = Counter()
            for verdict, case in zip(verdicts[:, place].tolist(), again.cases, strict=True):
                counted[VERDICTS[verdict]] += case["rows"]
            found[code].append((day.isoformat(), dict(counted)))
    return found


def _spoke(observations: pa.Table) -> list[tuple[str, int, int]]:
    """Protocol → how many sources spoke in it, and how many of them refused or asked for terms."""
    lines = _lines(observations)
    sources, refusing = _sources(lines, "protocol"), dict(_sources(lines.filter(pc.field("refuses")), "protocol"))
    return [(protocol, count, refusing.get(protocol, 0)) for protocol, count in sources]


def _agents(observations: pa.Table) -> list[tuple[str, int]]:
    """Crawler → how many sources have a rule that refuses it or asks it for terms by name, most first."""
    lines = _lines(observations).filter(pc.field("refuses"))
    named = pc.split_pattern(pc.utf8_lower(lines.column("addressee").combine_chunks()), ", ")
    each = pa.table({"source": lines.column("source").take(pc.list_parent_indices(named)), "addressee": pc.list_flatten(named)})
    return _sources(each.filter(pc.field("addressee") != "*"), "addressee")[:AGENTS_SHOWN]


def _lines(observations: pa.Table) -> pa.Table:
    """Every line that spoke with the number of its source, and whether it refuses or asks for terms."""
    spoken = observations.column("spoke").combine_chunks()
    lines = pa.Table.from_struct_array(pc.list_flatten(spoken)).select(["protocol", "addressee", "value"])
    refuses = pc.is_in(lines.column("value"), value_set=pa.array(["deny", "licence"]))
    return lines.append_column("source", pc.list_parent_indices(spoken)).append_column("refuses", refuses)


def _sources(lines: pa.Table, name: str) -> list[tuple[str, int]]:
    """Each value of a column with the number of sources that have it, most first."""
    counted = lines.group_by([name, "source"]).aggregate([]).group_by(name).aggregate([("source", "count")])
    pairs = zip(counted.column(name).to_pylist(), counted.column("source_count").to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


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
    told = {**UNREAD, **policy.texts()}.get(name, Text(name, name))
    return {"reason": told, "cited": nothing, "verified": True, "contestable": False}


Change = tuple[Text, Verdict, Text, int]
"""A fact, the verdict that it would lead to, its words, the rows where it would."""


def _changes(cases: Sequence[Mapping[str, Any]]) -> tuple[list[Change], list[Change]]:
    """What would change an answer for rows that are not allowed: what would allow them in a country, and what else, most rows first."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for case in cases:
        if case["verdict"] == Verdict.ALLOW.value:
            continue
        answers = [answer for claim in case["claims"] for answer in claim["jurisdictions"] if answer["verdict"] != Verdict.ALLOW.value]
        told = {(c["fact"], c["value"], c["verdict"]) for answer in answers for c in answer["sensitive_to"]}
        counted.update(dict.fromkeys(told, case["rows"]))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    found = [(_fact(fact, value), Verdict(verdict), VERDICT_TEXT[Verdict(verdict)], rows) for (fact, value, verdict), rows in ordered]
    return [each for each in found if each[1] is Verdict.ALLOW], [each for each in found if each[1] is not Verdict.ALLOW]


def _value(name: str, value: str) -> Text:
    fact = facts()[name]
    return fact.value_texts[fact.codes[value]]


def _fact(name: str, value: str) -> Text:
    if name not in facts():
        return Text(f"{name}={value}", f"{name}={value}")
    fact = facts()[name]
    text = fact.value_texts[fact.codes[value]]
    return Text(f"{fact.name.en}: {text.en} ({name}={value})", f"{fact.name.ja}：{text.ja}（{name}={value}）")


def _listed(cases: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cases with the most rows, as far as the page has room for them."""
    taken = 0
    for case in sorted(cases, key=lambda row: (-row["rows"], row["case"]))[:CASES_SHOWN]:
        shown = _case(case)
        taken += len(repr(shown).encode())
        if taken > CASES_BYTES:
            return
        yield shown


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as the page lists it: the countries that answer alike stand together, facts that say nothing stay out."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for answer in (answer for claim in case["claims"] for answer in claim["jurisdictions"]):
        alike.setdefault((answer["verdict"], answer["rule"], answer["policy_reason"]), []).append(answer["jurisdiction"])
    answers = [
        {
            "places": ", ".join(dict.fromkeys(places)),
            "verdict": verdict,
            "words": VERDICT_TEXT[Verdict(verdict)],
            "rule": rule,
            "policy": policy_,
        }
        for (verdict, rule, policy_), places in alike.items()
    ]
    held = dict.fromkeys(
        (name, value)
        for claim in case["claims"]
        for name, value in claim["facts"]
        if name in TELLING and (name, value) not in USUAL and value != "unknown"
    )
    return {"name": case["case"], "rows": case["rows"], "why": case["why"], "facts": [_fact(*each) for each in held], "answers": answers}
