"""What is asked of every row, from a person's own words: keyword arguments, the command line, or a team's policy file ``sekisho.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import Any, TypedDict, cast, get_type_hints

from sekisho import engine, law
from sekisho.claims import facts
from sekisho.errors import InputError, UsageError
from sekisho.facts import ASSUMPTIONS
from sekisho.model import Policy, Stage, Text
from sekisho.plan import Options

FILE = "sekisho.toml"
PURPOSES = ("commercial", "noncommercial", "research")
RESEARCH_BODY = "nonprofit-research"
JURISDICTIONS = ("JP", "EU", "US")
LISTS = ("jurisdictions", "agents", "observed", "tables")
PATHS = ("observed", "tables", "pack", "works")
Place = str | PathLike[str]


class Choices(TypedDict, total=False):
    """What may be chosen, in the words of the Python functions and of the policy file; what is left away has its default.

    ``jurisdictions`` JP, EU, US · ``on`` today · ``purpose`` commercial · ``policy`` signals · ``assume`` public-web · the others nothing.
    """

    jurisdictions: str | Sequence[str]
    """ISO codes and EU, as a list or as ``"JP,EU"``."""
    on: date | str
    """The day of use, as a date or in ISO form."""
    purpose: str
    policy: str
    assume: str
    agents: str | Sequence[str]
    """Crawler tokens to ask for exactly; none asks for every one that trains."""
    facts: Mapping[str, str]
    """Facts that hold for every row."""
    url_column: str | None
    hindsight: bool
    observed: Place | Sequence[Place]
    """Recorded observations, WARC or Parquet."""
    tables: Place | Sequence[Place]
    """Tables of facts by URL, host, digest or work."""
    pack: Place | None
    """A folder with law files of one's own."""
    works: Place | None
    """A works store: a folder, a ``postgresql://`` URL, or a snapshot."""


def options(choices: Choices) -> tuple[Options, tuple[Text, ...]]:
    """The options of a run with every word checked, and warnings; raises UsageError naming the word that nobody knows.

    ``research`` means the law's non-profit research body: unless the facts hold ``body=nonprofit-research`` it counts as non-commercial.
    """
    given: dict[str, Any] = {name: value for name, value in choices.items() if value is not None}
    _refuse_unknown(given, "")
    return settled(
        Options(
            jurisdictions=jurisdictions_of(given.get("jurisdictions", JURISDICTIONS)),
            on=day_of(given.get("on")),
            purpose=str(given.get("purpose", PURPOSES[0])),
            policy=policy_of(given.get("policy", Policy.SIGNALS)),
            assume=str(given.get("assume", "public-web")),
            agents=_texts(given, "agents"),
            facts=tuple((str(name), str(value)) for name, value in given.get("facts", {}).items()),
            url_column=given.get("url_column"),
            hindsight=bool(given.get("hindsight")),
            observed=_texts(given, "observed"),
            tables=_texts(given, "tables"),
            pack=str(given["pack"]) if "pack" in given else None,
            works=str(given["works"]) if "works" in given else None,
        )
    )


def jurisdictions_of(value: str | Sequence[str]) -> tuple[str, ...]:
    """The codes in ``"JP,EU"`` or in a list of them, in capitals, each once."""
    codes = (code.strip().upper() for code in (value.split(",") if isinstance(value, str) else value))
    return tuple(dict.fromkeys(code for code in codes if code))


def _texts(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """None, one text or path, or several, as texts."""
    value = given.get(name, ())
    return (str(value),) if isinstance(value, str | PathLike) else tuple(map(str, value))


def day_of(value: Any) -> date:
    """The day meant by a date, a text in ISO form, or None, which is today; raises UsageError."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value or date.today()  # noqa: DTZ011 - the user's own day
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{value!r} is no day: write it as 2026-11-22.", f"{value!r} は日付として読めません。2026-11-22 の形で指定してください。"
        ) from error


def policy_of(value: Any) -> Policy:
    """The policy called ``value``; raises UsageError naming those there are."""
    try:
        return Policy(value)
    except ValueError as error:
        raise _unknown("policy", value, tuple(Policy)) from error


def _unknown(name: str, value: object, known: Sequence[str]) -> UsageError:
    return UsageError(
        f"{name} knows {', '.join(known)}, not {value!r}.", f"{name} に使えるのは {'、'.join(known)} です（{value!r} は使えません）。"
    )


def settled(options: Options) -> tuple[Options, tuple[Text, ...]]:
    """``options`` with every word held to what the law, the facts and we know, and warnings; raises UsageError."""
    if not options.jurisdictions:
        raise UsageError(
            "No jurisdiction was named: give ISO codes or EU, as in JP,EU.", "法域がありません。JP,EU のように指定してください。"
        )
    for code in options.jurisdictions:
        engine.pack_of(options).rules(code, options.on, Stage.INGEST)
    if options.assume not in ASSUMPTIONS:
        raise _unknown("assume", options.assume, tuple(ASSUMPTIONS))
    if options.purpose not in PURPOSES:
        raise _unknown("purpose", options.purpose, PURPOSES)
    given = dict(options.facts)
    body = given.pop("body", None)
    for name, value in given.items():
        (facts().get(name) or law.fact(name)).code(value)
    options = replace(options, facts=tuple(sorted(given.items())))
    if options.purpose != "research" or body == RESEARCH_BODY:
        return options, ()
    warning = Text(
        "The purpose research means a non-profit research body: without the fact body=nonprofit-research it counts as noncommercial.",
        "目的 research は非営利の研究機関を指します。事実 body=nonprofit-research がないため noncommercial として扱います。",
    )
    return replace(options, purpose="noncommercial"), (warning,)


def read(path: Path) -> Choices:
    """What the policy file ``path`` chooses, its paths taken from where it lies; raises InputError or UsageError naming the key."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", f"{path} を読めません：{error}") from error
    _refuse_unknown(table, f"{path}: ")
    return cast("Choices", {key: _from_file(path, key, value) for key, value in table.items()})


def _refuse_unknown(table: Mapping[str, Any], where: str) -> None:
    known = list(get_type_hints(Choices))
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise UsageError(
            f"{where}there is no setting `{unknown[0]}`. There are: {', '.join(known)}.",
            f"{where}設定「{unknown[0]}」はありません。使えるもの：{'、'.join(known)}",
        )


def _from_file(path: Path, key: str, value: Any) -> Any:
    if key in LISTS:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise _wrong(path, key, "a list of texts", "文字列の配列")
        return [_below(path, each) for each in value] if key in PATHS else value
    if key == "facts":
        if not isinstance(value, dict):
            raise _wrong(path, key, "a table of fact = value", "「事実 = 値」の表")
        return value
    kind, en, ja = {
        "on": (date, "a day, as in 2026-11-22", "日付（例 2026-11-22）"),
        "hindsight": (bool, "true or false", "true か false"),
    }.get(key, (str, "a text in quotes", "引用符で囲んだ文字列"))
    if not isinstance(value, kind):
        raise _wrong(path, key, en, ja)
    return _below(path, str(value)) if key in PATHS else value


def _below(path: Path, place: str) -> str:
    """A place as the policy file ``path`` means it: from where the file lies, unless it is an address."""
    return place if "://" in place else str(path.parent / place)


def _wrong(path: Path, key: str, en: str, ja: str) -> UsageError:
    return UsageError(f"{path}: `{key}` takes {en}.", f"{path}：「{key}」には{ja}を指定してください。")
