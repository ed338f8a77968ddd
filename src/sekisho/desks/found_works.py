"""The registered works that were found in a row of a run, in words: whose they are, what the holders said by the day, and where they were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sekisho.model import Text
from sekisho.registry import FILE

MOST_PLACES = 6
FREE_TEXT = {
    "yes": Text("in the public domain", "パブリックドメイン"),
    "no": Text("still protected", "保護期間中"),
    "unknown": Text("not known", "不明"),
}
CLOSENESS_TEXT = {
    "verbatim": Text("the same", "同一"),
    "near": Text("nearly the same", "ほぼ同一"),
    "partial": Text("in part", "一部"),
    "shared-part": Text("a part in common", "共通部分あり"),
    "style": Text("alike in style", "作風が類似"),
    None: Text("registered for this address", "この URL で登録"),
}


def of_row(out: Path, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stood behind each work that the row makes a claim for, with the places where it was found; as plain values."""
    claimed = list(row.get("sekisho_works") or ())
    if not claimed:
        return []
    known = pq.read_table(out / FILE, filters=[("work", "in", claimed)]).to_pylist()
    found = row.get("sekisho_matches") or ()
    return [
        work
        | {
            "declared": work["declared"] and work["declared"].isoformat(),
            "public_domain": dict(work["public_domain"]),
            "places": [place for place in found if place["work"] == work["work"]],
        }
        for work in known
    ]


def lines(works: Iterable[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """The works as lines of text."""
    for work in works:
        yield _said(work).lang(lang)
        free = ", ".join(f"{place} {FREE_TEXT[value].lang(lang)}" for place, value in work["public_domain"].items())
        yield Text(f"  Term of protection: {free}", f"  保護期間：{free}").lang(lang)
        yield from (f"  {_place(place).lang(lang)}" for place in work["places"][:MOST_PLACES])


def _said(work: Mapping[str, Any]) -> Text:
    """Title, holder, terms and since when."""
    title, said = work["title"] or work["work"], work["said"]
    merely = Text(" (merely claimed)", "（権利者本人か未確認）") if work["identity"] == "claimed" else Text("", "")
    since = Text(f", declared {work['declared']}", f"、{work['declared']} 表明") if work["declared"] else Text("", "")
    return Text(
        f"{title} [{work['work']}], held by {work['holder']}{merely.en}: {said['en']} ({work['terms']}{since.en})",
        f"{title}［{work['work']}］権利者：{work['holder']}{merely.ja}、許諾条件：{said['ja']}（{work['terms']}{since.ja}）",
    )


def _place(place: Mapping[str, Any]) -> Text:
    """How close, by which fingerprint, and where: code points of a text, or shares of a picture's width and height."""
    level = CLOSENESS_TEXT[place["level"]]
    region = ", ".join(f"{value:.6g}" for value in place["item_region"])
    at = Text(f", at {region}", f"、位置 {region}") if region else Text("", "")
    score = f"{place['score']:.2f}"
    return Text(f"{level.en}, score {score}, by {place['by']}{at.en}", f"{level.ja}、確度 {score}、照合方法 {place['by']}{at.ja}")
