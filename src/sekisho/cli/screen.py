"""``sekisho screen``: whether files contain a registered work: which, where, how close, and what follows."""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.cli import CLEAN, FINDINGS
from sekisho.cli._items import Item, items
from sekisho.errors import UsageError
from sekisho.model import VERDICT_TEXT, Policy, Text, Verdict

if TYPE_CHECKING:
    from sekisho.desks.screen import Answer
    from sekisho.works import Match

HELP = Text(
    "find registered works in pictures and texts: which, where, how close",
    "画像や文章に登録作品が含まれるかを照合：どの作品が、どこに、どの程度",
)

AGAIN = Text("run `sekisho register` on them again", "もう一度 `sekisho register` を実行してください")
AGAIN_BY_HOLDER = Text("ask for a newer snapshot", "新しいスナップショットを入手してください")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``screen`` takes."""
    lang = parser.get_default("lang")

    def add(name: str, en: str, ja: str, **more: Any) -> None:
        parser.add_argument(name, help=Text(en, ja).lang(lang), **more)

    add(
        "paths",
        "file or folder; @FILE is a list of paths, a .jsonl file holds one text a line, - is standard input",
        "ファイルまたはフォルダー（@FILE はパスのリスト、.jsonl は1行に1件の文章、- は標準入力）",
        nargs="+",
        metavar="PATH",
    )
    add(
        "--works",
        "store: a folder or a postgresql:// URL",
        "ストア（フォルダーまたは postgresql:// の URL）",
        required=True,
        metavar="STORE",
    )
    add(
        "--evidence",
        "write one picture or page a match, side by side, into DIR",
        "照合結果を並べた画像・ページを DIR に書き出す",
        metavar="DIR",
        type=Path,
    )
    add("--jurisdiction", "ask the law of these countries too", "これらの法域の法にも照らす", metavar="JP,EU", default="")
    add("--on", "day of use (today)", "利用日（既定は今日）", metavar="DATE")
    add("--policy", "what you hold to beside the law", "法のほかに従う方針", choices=[policy.value for policy in Policy], default="signals")
    add("--fact", "something known, such as access=user", "既知の事実（例：access=user）", metavar="K=V", action="append", default=[])
    add(
        "--trained-on",
        "folder of the run whose kept items a model was trained on",
        "モデルの学習に使った clear の結果フォルダー",
        metavar="OUT",
        type=Path,
    )
    add("--json", "one JSON object an item", "1件1行の JSON で出力", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Screen and tell; done with findings when anything is not allow."""
    from sekisho.desks.screen import screen  # noqa: PLC0415
    from sekisho.law.questions import day  # noqa: PLC0415
    from sekisho.settings import jurisdictions_of  # noqa: PLC0415

    asked: deque[Item] = deque()
    answers = screen(
        contents(items(args.paths), asked),
        works=args.works,
        jurisdictions=jurisdictions_of(args.jurisdiction),
        on=day(args.on) if args.on else None,
        policy=Policy(args.policy),
        known=pairs(args.fact),
        trained_on=args.trained_on,
    )
    told = Verdict.ALLOW
    for answer in shown(named(answers, asked), args.evidence, args.works):
        print(
            json.dumps(as_json(answer, args.lang), ensure_ascii=False) if args.json else "\n".join(as_text(answer, args.lang)), flush=True
        )
        told = max(told, answer.verdict, key=lambda verdict: verdict.strictness)
    tell_what_is_lacking(args.works, args.lang)
    return CLEAN if told is Verdict.ALLOW else FINDINGS


def tell_what_is_lacking(works: str, lang: str) -> None:
    """Say which registered files an older Sekisho knew too little of, and what helps."""
    from sekisho.works import Works  # noqa: PLC0415

    helps = AGAIN_BY_HOLDER if Path(works).is_file() else AGAIN
    for name, count in Works.open(works).lacking().items():
        said = Text(
            f"{count:,} registered files are not searched by {name}, which came later: {helps.en}.",
            f"登録済みの {count:,} 件は、後から加わった {name} では照合されていません。{helps.ja}。",
        )
        print(said.lang(lang), file=sys.stderr)


def contents(found: Iterable[Item], asked: deque[Item]) -> Iterator[Path | str]:
    """What is to be screened of ``found``, each noted in ``asked`` as it is handed over."""
    for item in found:
        asked.append(item)
        if not isinstance(item.content, Text):
            yield item.content


def named(answers: Iterator[Answer], asked: deque[Item]) -> Iterator[tuple[Item, Answer]]:
    """Each item with its answer, under its name; unknown for a line that holds no text."""
    for answer in answers:
        yield from unread(asked)
        item = asked.popleft()
        yield item, replace(answer, item=item.name)
    yield from unread(asked)


def unread(asked: deque[Item]) -> Iterator[tuple[Item, Answer]]:
    """The items at the front of ``asked`` that hold nothing to screen."""
    from sekisho.desks.screen import Answer  # noqa: PLC0415

    while asked and isinstance(reason := asked[0].content, Text):
        item = asked.popleft()
        yield item, Answer(item.name, Verdict.UNKNOWN, (), unreadable=reason)


def pairs(words: Iterable[str]) -> dict[str, str]:
    """Facts written ``name=value``; raises UsageError for anything else."""
    from sekisho.law.questions import facts_of  # noqa: PLC0415

    for word in words:
        if "=" not in word:
            raise UsageError(f"--fact {word!r}: write name=value.", f"--fact {word!r}：name=value の形で指定してください。")
    return facts_of((name, value) for name, _, value in (word.partition("=") for word in words))


def shown(answers: Iterable[tuple[Item, Answer]], folder: Path | None, works: str) -> Iterator[Answer]:
    """``answers``, each drawn into ``folder`` on the way when there is one."""
    if folder is None:
        yield from (answer for _, answer in answers)
        return
    from sekisho.works import Works, contact_sheet, evidence, passage_evidence  # noqa: PLC0415

    sheets = []
    store = Works.open(works).store
    for number, (item, answer) in enumerate(answers, 1):
        if not isinstance(item.content, Text):
            sheets += evidence.draw(item.content, answer.matches, folder, number, store)
            pages = passage_evidence.write(item.content, item.name, answer.matches, folder, number)
            sheets += [evidence.Shown(item.name, match, page) for match, page in pages]
        yield answer
    folder.mkdir(parents=True, exist_ok=True)
    contact_sheet.write(sheets, folder)


def as_json(answer: Answer, lang: str) -> dict[str, Any]:
    """One answer as an object that other programs rely on."""
    told: dict[str, Any] = {
        "item": answer.item,
        "verdict": answer.verdict.value,
        "matches": [match_json(match) for match in answer.matches],
    }
    if answer.encoding:
        told["encoding"] = answer.encoding
    if answer.conditions:
        told["conditions"] = list(answer.conditions)
    if answer.unreadable:
        told["unreadable"] = answer.unreadable.lang(lang)
    if answer.flooded:
        told["flooded"] = list(answer.flooded)
    if answer.jurisdictions:
        told["jurisdictions"] = {
            place: {"verdict": one.verdict.value, "outcome": one.outcome, "reason": one.reason, "conditions": list(one.conditions)}
            for place, one in answer.jurisdictions.items()
        }
    return told


def match_json(match: Match) -> dict[str, Any]:
    """One match as an object."""
    told: dict[str, Any] = {"work": match.work, "title": match.title, "holder": match.holder, "terms": str(match.terms)}
    told |= {"identity": match.identity.value, "level": match.level.value, "score": round(match.score, 6)}
    told |= {"item_region": list(match.item_region), "work_region": list(match.work_region)}
    told |= {"quad": list(match.quad) if match.quad else None, "fingerprint": match.fingerprint, "proved": match.proved}
    pages = {"page": match.page, "item_page": match.item_page}
    return told | {name: number for name, number in pages.items() if number}


def as_text(answer: Answer, lang: str) -> Iterator[str]:
    """One answer for a person."""
    from sekisho.works import evidence, passage_evidence  # noqa: PLC0415
    from sekisho.works.terms import TERMS_TEXT  # noqa: PLC0415

    yield f"{VERDICT_TEXT[answer.verdict].lang(lang)}  {answer.item}"
    for match in answer.matches:
        similar = Text("similar to", "類似").lang(lang)
        levels = passage_evidence.LEVELS if len(match.item_region) == 2 else evidence.LEVELS
        level, terms = levels[match.level].lang(lang), TERMS_TEXT[match.terms.kind].lang(lang)
        yield f"    {similar}: {match.title or match.work} / {match.holder} ({level}, {match.score:.2f}; {terms})"
    if answer.unreadable:
        yield f"    {Text('not read', '読み取れません').lang(lang)}: {answer.unreadable.lang(lang)}"
    for work in answer.flooded:
        yield f"    {Text('set apart, matches too many items', '多数の対象と一致するため保留').lang(lang)}: {work}"
    for place, one in answer.jurisdictions.items():
        yield f"    {place}: {VERDICT_TEXT[one.verdict].lang(lang)} ({one.reason})"
