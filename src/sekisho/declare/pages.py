"""The page for the holder, in English and in Japanese: what was written, what each thing does, where it goes, what it cannot do."""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.declare.part import About
from sekisho.declare.terms import Answer, Terms
from sekisho.model import NOT_ADVICE, Axis, Text

USE_TEXT = {
    Axis.TRAIN: Text("training generative AI", "生成AIの学習"),
    Axis.TRAIN_NONGEN: Text("training other AI (classifiers, search ranking)", "それ以外のAI（分類・順位付けなど）の学習"),
    Axis.AI_USE: Text("AI answers and summaries made from your works", "作品をもとにしたAIの回答や要約"),
    Axis.TDM: Text("text and data mining of any kind", "あらゆるテキスト・データマイニング（解析）"),
    Axis.SEARCH: Text("ordinary search results with a link to you", "リンク付きの通常の検索結果への掲載"),
}
ANSWER_TEXT = {
    Answer.YES: Text("yes", "認める"),
    Answer.CREDIT: Text("yes, with credit", "クレジット表記を条件に認める"),
    Answer.OFFER: Text("at a price", "有償で認める"),
    Answer.ASK: Text("ask first", "事前に相談"),
    Answer.NO: Text("no", "認めない"),
}
UNSAID = Text(
    "Not written, because this form cannot say your terms without saying more than you did.",
    "作成していません：この方式では、あなたの条件をそのまま（過不足なく）表せないためです。",
)
INTRO = Text(
    "These files say one and the same thing in the words of different protocols. Nobody reads all of them: put up as many as you can, then run the check.",
    "ここにあるファイルは、同じ条件をさまざまな方式で述べたものです。すべてを読む相手はいないため、できるだけ多く設置し、最後に確認してください。",
)
LABELS = (Text("What it does", "できること"), Text("Where to put it", "置く場所"), Text("What it cannot do", "できないこと"))


def page(terms: Terms, sections: Sequence[tuple[About, Sequence[str]]], lang: str) -> str:
    """The page in ``lang``; each section is a part and the files it wrote."""
    title = Text(f"Terms of {terms.holder}", f"{terms.holder} の利用条件").lang(lang)
    answers = [f"- {USE_TEXT[axis].lang(lang)}: **{ANSWER_TEXT[answer].lang(lang)}**" for axis, answer in terms.uses.items()]
    price = [f"- {terms.price.amount} {terms.price.currency} ({terms.price.per})"] if terms.price else []
    check = Text("Afterwards:", "設置後の確認：").lang(lang) + f" `sekisho declare TERMS.toml --check {terms.site}`"
    parts = [line for about, files in sections for line in _section(about, files, lang)]
    return "\n".join([f"# {title}", "", INTRO.lang(lang), "", *answers, *price, "", *parts, check, "", NOT_ADVICE.lang(lang), ""])


def _section(about: About, files: Sequence[str], lang: str) -> list[str]:
    head = [f"## {about.title.lang(lang)}", ""]
    if not files:
        return [*head, UNSAID.lang(lang), ""]
    said = (about.does, about.place, about.cannot)
    told = [f"**{label.lang(lang)}**: {text.lang(lang)}" for label, text in zip(LABELS, said, strict=True)]
    return [*head, ", ".join(f"`{name}`" for name in files), "", *(line for one in told for line in (one, ""))]
