"""Writes the pages of ``docs/law``: one a jurisdiction and language, an index, and the chart. Run it after any change of the law pack."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from draw_law import chart

from sekisho import law
from sekisho.law import scenarios
from sekisho.law.page import page
from sekisho.model import NOT_ADVICE, Text

FOLDER = Path(__file__).with_name("law")
SUFFIX = {"en": "", "ja": ".ja"}
PACK = law.pack()
CASES = scenarios.read(scenarios.FOLDERS[1])

TITLE = Text("The law pack, by jurisdiction", "法令パック（法域別）")
CHART = Text(
    "How Japan, the European Union and the United States answered six typical uses", "六つの典型的な利用に対する日本・EU・米国の結論の推移"
)
WHERE = Text(
    "Each page gives every rule with its days, source, standing and cases. The rules are [data](../../src/sekisho/law), one file a jurisdiction; "
    "the cases are [scenarios](../../tests/cases/law/scenarios.toml), [Japan over time](../../tests/cases/law/japan-over-time.toml) and the turning "
    "days of every rule, again one file a jurisdiction. `sekisho law show JP --on 2024-06-01` prints the rules of one day, `sekisho law diff` what "
    "changed between two, `sekisho law ask` answers a question.",
    "各ページには、すべての規定をその期間・根拠・確認状況・事例とともに掲げる。規定は[データ](../../src/sekisho/law)として法域ごとに1ファイル、"
    "事例は[典型例](../../tests/cases/law/scenarios.toml)、[日本の推移](../../tests/cases/law/japan-over-time.toml)、および各規定の変わり目（法域ごとに1ファイル）にある。"
    "`sekisho law show JP --on 2024-06-01` はある日の規定を、`sekisho law diff` は二つの日の間の変化を表示し、`sekisho law ask` は照会に答える。",
)
OTHER = Text("[日本語](README.ja.md)", "[English](README.md)")


def files() -> dict[str, str]:
    """Every file of the folder by name."""
    pages = {f"{code}{suffix}.md": _page(code, lang) for code in PACK.jurisdictions for lang, suffix in SUFFIX.items()}
    indexes = {f"README{suffix}.md": _index(lang) for lang, suffix in SUFFIX.items()}
    charts = {f"as-of{suffix}.svg": chart(PACK, CASES, lang) for lang, suffix in SUFFIX.items()}
    return pages | indexes | charts


def _page(code: str, lang: str) -> str:
    title, rest = page(PACK, code, lang, cases=_cases()).split("\n", 1)
    other = Text(f"[日本語]({code}.ja.md)", f"[English]({code}.md)")
    return f"{title}\n\n{other.lang(lang)}\n{rest}"


@cache
def _cases() -> dict[str, list[str]]:
    """Id of a rule or note → links to the cases in which it speaks."""
    links: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for trial in scenarios.trials(PACK, CASES):
        for name in trial.spoke:
            links[name][f"[{trial.case.id}](../../tests/cases/law/{trial.case.file})"] = None
    return {name: list(some) for name, some in links.items()}


def _index(lang: str) -> str:
    suffix = SUFFIX[lang]
    lines = [
        f"# {TITLE.lang(lang)}",
        "",
        OTHER.lang(lang),
        "",
        NOT_ADVICE.lang(lang) + " " + Text(f"Law pack of {PACK.dated}.", f"法令パック {PACK.dated}。").lang(lang),
        "",
        WHERE.lang(lang),
        "",
        f"![{CHART.lang(lang)}](as-of{suffix}.svg)",
        "",
        *(f"- [{PACK.files[code].name.lang(lang)} ({code})]({code}{suffix}.md)" for code in PACK.jurisdictions),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        FOLDER.joinpath(name).write_text(text, encoding="utf-8")
