"""The documentation's table of protocols, printed from each part's ``SPEC`` in English and Japanese."""

from __future__ import annotations

from sekisho.model import Spec, Text
from sekisho.signals import readers

HEADS = (
    Text("Protocol", "プロトコル"),
    Text("Version, date", "版・日付"),
    Text("Status", "位置づけ"),
    Text("What we map it to", "どう読むか"),
    Text("Unsure", "確かでない点"),
    Text("Checked", "確認日"),
)
STATUS = {
    "standard": Text("standard", "標準"),
    "draft": Text("draft", "草案"),
    "practice": Text("practice", "慣行"),
    "proposal": Text("proposal", "提案"),
    "expired": Text("expired", "失効"),
}


def table(lang: str) -> str:
    """The Markdown table of every protocol on the shelf, ``lang`` being ``en`` or ``ja``."""
    heads = [head.lang(lang) for head in HEADS]
    rows = [_cells(name, reader.SPEC, lang) for name, reader in readers().items()]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, ["---"] * len(heads), *rows])


def _cells(name: str, spec: Spec, lang: str) -> list[str]:
    title = f"[{spec.title.lang(lang)}]({spec.address}) (`{name}`)"
    words = [title, f"{spec.version}, {spec.dated}", STATUS[spec.status].lang(lang), spec.maps_to.lang(lang), spec.unsure.lang(lang)]
    return [cell.replace("|", "\\|") for cell in [*words, str(spec.checked)]]
