"""Words for people: the names of outcomes, stages and kinds of authority, and the sentences in which an answer is told."""

from __future__ import annotations

from sekisho.law.rules import Authority, Checked, Dated, How
from sekisho.law.vocabulary import FACT
from sekisho.model import Outcome, Stage, Text

OUTCOME_TEXT = {
    Outcome.PERMITTED: Text("permitted", "許される"),
    Outcome.CONDITIONS: Text("permitted with conditions", "条件付きで許される"),
    Outcome.UNSETTLED: Text("unsettled", "定まっていない"),
    Outcome.LICENCE: Text("licence required", "許諾が必要"),
    Outcome.PROHIBITED: Text("prohibited", "禁止される"),
}
STAGE_TEXT = {Stage.INGEST: Text("training", "学習段階"), Stage.OUTPUT: Text("output", "生成・利用段階")}
AUTHORITY_TEXT = {
    Authority.STATUTE: Text("statute", "法令"),
    Authority.GUIDANCE: Text("guidance of an authority, not binding", "行政等の見解（拘束力なし）"),
    Authority.CASE: Text("case law", "裁判例"),
    Authority.UNSETTLED: Text("open question", "未解決の論点"),
}
CONTESTABLE = Text(
    "Contestable: the decision is not final, or an appeal is pending.", "争いあり：判断は未確定であるか、上訴審等に係属している。"
)
SILENT = Text(
    "No rule of the pack speaks on these facts on that day, so the law is unsettled.",
    "この日、この事実関係に当てはまる規定は法令パックになく、未確定である。",
)
ESCALATED = Text("The rights holder has refused this use in the registry.", "権利者は登録によりこの利用を拒否している。")
LATER_THAN_PACK = Text(
    "The day asked lies after the day up to which the pack was checked; the law may have changed since.",
    "指定日は法令パックの確認日より後であり、その間に法が変わっている可能性がある。",
)


def standing(checked: Checked) -> Text:
    """Whether, and when, a rule was compared with its source."""
    if checked.how is How.LOOKED_UP:
        return Text(f"Verified: its source was looked up on {checked.on}.", f"確認済み：{checked.on} に根拠を参照した。")
    return Text(
        f"To be confirmed: entered from memory on {checked.on}, not compared with its source yet.",
        f"要確認：{checked.on} に記憶に基づき記載、根拠との照合は未了である。",
    )


def span(entry: Dated) -> Text:
    """From when until when it speaks."""
    if entry.until is None:
        return Text(f"since {entry.since}", f"{entry.since} から")
    return Text(f"{entry.since} to {entry.until}", f"{entry.since} から {entry.until} まで")


def applies(entry: Dated) -> list[Text]:
    """When it speaks, a phrase for each fact; empty when it always does."""
    met = [_phrase(Text("when", "適用："), name, values) for name, values in entry.when.items()]
    return met + [_phrase(Text("unless", "除外："), name, values) for name, values in entry.unless.items()]


def _phrase(lead: Text, name: str, values: tuple[str, ...]) -> Text:
    fact = FACT[name]
    texts = [fact.value_texts[fact.code(value)] for value in values]
    code = f"`{name}` = {' / '.join(f'`{value}`' for value in values)}"
    return Text(
        f"{lead.en} {fact.name.en}: {' or '.join(text.en for text in texts)} ({code})",
        f"{lead.ja}{fact.name.ja}が「{'」または「'.join(text.ja for text in texts)}」（{code}）",
    )
