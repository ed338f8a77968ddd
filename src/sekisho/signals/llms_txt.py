"""llms.txt: a reading aid for models, recognised so that nobody takes it for a permission; it neither grants nor reserves anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Text, Value, quote

SPEC = Spec(
    name="llms_txt",
    title=Text("llms.txt", "llms.txt"),
    version="2024-09-03",
    dated=date(2024, 9, 3),
    status="proposal",
    address="https://llmstxt.org/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Nothing: it tells models what to read first. It is listed with the warning not-rights.",
        "何にも対応させない。モデルに何から読むべきかを伝えるもので、警告 not-rights を付けて記録する。",
    ),
    unsure=Text("Nothing: its text makes no claim about rights.", "特になし。権利についての記述を定めていない。"),
    sources=(Source.LLMS_TXT,),
)


def programs(_observation: Observation, _ask: Ask) -> tuple[()]:
    """Nothing: the file speaks for every address of its site alike."""
    return ()


def read(observation: Observation, _ask: Ask) -> Iterable[Signal]:
    """The one statement that this file states nothing, where there is a file."""
    if observation.failed or observation.absent or not observation.body.strip():
        return []
    evidence = Evidence("file", quote(observation.body[:200]))
    return [Signal(SPEC.name, SPEC.version, Level.LOCATION, "/", Axis.TRAIN, Value.UNKNOWN, evidence, warnings=("not-rights",))]
