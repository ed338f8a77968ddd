"""Works as records and answers as records: what a line of a batch, a row of a catalogue or a command line says."""

from __future__ import annotations

from collections.abc import Mapping

from sekisho.errors import UsageError
from sekisho.model import NOT_ADVICE
from sekisho.protection import loading
from sekisho.protection.answer import Term
from sekisho.protection.dates import read_date
from sekisho.protection.work import Dates, Kind, circumstances, kinds

NEGATIVE_FACTS = {"renewed": "not-renewed", "notice": "no-notice", "registered": "not-registered"}
"""Keys that say with ``false`` what a fact says."""


def work_of(record: Mapping[str, object]) -> Dates:
    """The work that a record describes; dates that cannot be read become unknown, with what was given in ``unreadable``.

    ``died`` and ``born`` are one value or a list, an empty value is an unknown death. Raises UsageError for an unknown kind, country
    of origin or fact, and for a yes or no that is neither.
    """
    died, born = _list(record.get("died")), _list(record.get("born"))
    single = {key: record.get(key) for key in ("published", "created", "rehabilitated")}
    return Dates(
        died=tuple(read_date(value) for value in died),
        born=tuple(read_date(value) for value in born),
        published=read_date(single["published"]),
        created=read_date(single["created"]),
        rehabilitated=read_date(single["rehabilitated"]),
        origin=_origin(record.get("origin")),
        kind=_kind(record.get("kind")),
        anonymous=_flag(record, "anonymous"),
        corporate=_flag(record, "corporate"),
        facts=_facts(record),
        unreadable=tuple(_shown(value) for value in (*died, *single.values()) if _given(value) and read_date(value) is None),
    )


def record_of(term: Term, lang: str = "en") -> dict[str, object]:
    """An answer as a JSON object, its sentences in ``lang``."""
    return {
        "country": term.country,
        "on": term.on.isoformat(),
        "status": term.status.value,
        "public_domain_from": term.public_domain_from and term.public_domain_from.isoformat(),
        "rule": term.rule,
        "basis": [text.lang(lang) for text in term.basis],
        "confidence": term.confidence.value,
        "verified": term.verified,
        "assumed": [text.lang(lang) for text in term.assumed],
        "notes": [text.lang(lang) for text in term.notes],
        "pack": loading.digest(),
        "notice": NOT_ADVICE.lang(lang),
    }


def _list(value: object) -> list[object]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _given(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _shown(value: object) -> str:
    return str(value)[:80]


def _origin(value: object) -> str | None:
    return loading.code(str(value)) if _given(value) else None


def _kind(value: object) -> Kind:
    word = str(value).strip().lower() if _given(value) else Kind.WORK.value
    if word not in kinds():
        known = ", ".join(kinds())
        raise UsageError(
            f"{value!r} is no known kind of work; known: {known}", f"{value!r} は著作物の種別ではありません。使える語: {known}"
        )
    return kinds()[word]


def _flag(record: Mapping[str, object], key: str) -> bool:
    value = record.get(key)
    if value is None or value in (True, False):
        return bool(value)
    raise UsageError(f"{key} must be true or false, not {value!r}", f"{key} は true または false にしてください({value!r} は使えません)")


def _facts(record: Mapping[str, object]) -> frozenset[str]:
    given = [str(word) for word in _list(record.get("facts"))]
    for word in given:
        if word not in circumstances():
            known = ", ".join(circumstances())
            raise UsageError(f"{word!r} is no known fact; known: {known}", f"{word!r} という事実は使えません。使える語: {known}")
    denied = [fact for key, fact in NEGATIVE_FACTS.items() if record.get(key) is not None and not _flag(record, key)]
    unpublished = ["unpublished"] if _flag(record, "unpublished") else []
    return frozenset([*given, *denied, *unpublished])
