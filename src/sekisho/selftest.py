"""Runs the vectors: inputs and the statements that must come out, kept in TOML so that any language can read them.

The format is described in ``tests/vectors/signals/README.md``.
"""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sekisho.errors import InputError
from sekisho.model import Ask, Axis, Observation, Signal, Source
from sekisho.signals import Reader, readers

FOLDERS = (Path(__file__).with_name("vectors"), Path(__file__).parents[2] / "tests" / "vectors")
"""Where the vectors lie: beside this file once installed, among the tests in a checkout."""
BODIES = {"body", "body_base64", "body_file", "body_repeat"}
VECTOR_KEYS = BODIES | {"name", "cite", "source", "url", "status", "failure", "headers", "ask", "extra", "expect"}
ALWAYS = {"addressee": "*", "conditions": [], "warnings": [], "offers": []}
WHEN_NAMED = {"protocol", "version", "level", "scope", "authenticated", "where", "quote"}
EXPECT_KEYS = {"axis", "value", *ALWAYS, *WHEN_NAMED}


@dataclass(frozen=True, slots=True)
class Vector:
    """One input and all that its reader must answer."""

    part: str
    name: str
    observation: Observation
    ask: Ask
    expect: tuple[Mapping[str, Any], ...]


def vectors(path: Path) -> Iterator[Vector]:
    """The vectors in ``path``, whose stem names the part, but those for an extra that is not installed.

    Raises InputError for a broken file, an unknown part or an unknown key.
    """
    part = readers().get(path.stem)
    if part is None:
        raise InputError(f"{path}: no signal reader is called {path.stem}", f"{path}: {path.stem} という名の読み取り部品はありません")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["vector"]
        for table in tables:
            vector = _vector(path, part, table)
            if "extra" not in table or find_spec(table["extra"]):
                yield vector
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, OSError) as error:
        raise InputError(f"{path}: not a vector file: {error}", f"{path}: ベクトルファイルとして読めません: {error}") from error


def _vector(path: Path, part: Reader, table: dict[str, Any]) -> Vector:
    _refuse_unknown(table["name"], table, VECTOR_KEYS)
    for entry in table["expect"]:
        _refuse_unknown(table["name"], entry, EXPECT_KEYS)
    observation = Observation(
        url=table.get("url", "https://a.example/"),
        source=Source(table.get("source", part.SPEC.sources[0])),
        body=_body(path.parent, table),
        headers=tuple((name, value) for name, value in table.get("headers", ())),
        status=table.get("status"),
        failure=table.get("failure"),
    )
    return Vector(path.stem, table["name"], observation, _ask(table.get("ask", {})), tuple(table["expect"]))


def _refuse_unknown(name: str, table: Mapping[str, Any], known: set[str]) -> None:
    if unknown := table.keys() - known:
        raise ValueError(f"{name}: unknown key {', '.join(sorted(unknown))}")


def _body(folder: Path, table: Mapping[str, Any]) -> bytes:
    match sorted(table.keys() & BODIES):
        case []:
            return b""
        case ["body"]:
            return str(table["body"]).encode()
        case ["body_base64"]:
            return base64.b64decode(table["body_base64"], validate=True)
        case ["body_file"]:
            return Path(folder, str(table["body_file"])).read_bytes()
        case ["body_repeat"]:
            return "".join(str(text) * int(times) for text, times in table["body_repeat"]).encode()
        case several:
            raise ValueError(f"{table['name']}: one body, not {' and '.join(several)}")


def _ask(table: Mapping[str, Any]) -> Ask:
    tokens = tuple((token, Axis(axis)) for token, axis in table.get("policy_tokens", ()))
    return Ask(**{**table, "agents": tuple(table.get("agents", ())), "policy_tokens": tokens})


def differences(vector: Vector) -> list[str]:
    """What the reader answers otherwise than the vector says, a sentence each; empty when it agrees."""
    answered = [_as_table(signal) for signal in readers()[vector.part].read(vector.observation, vector.ask)]
    missing = []
    for entry in vector.expect:
        found = next((table for table in answered if _agrees(entry, table)), None)
        missing += [f"missing: {dict(entry)}"] if found is None else []
        answered = [table for table in answered if table is not found]
    return missing + [f"unexpected: {table}" for table in answered]


def _as_table(signal: Signal) -> dict[str, Any]:
    offers = [{key: text for key, text in asdict(offer).items() if text} for offer in signal.offers]
    own = {key: getattr(signal, key) for key in ("protocol", "version", "level", "scope", "axis", "value", "addressee", "authenticated")}
    words = {"conditions": sorted(signal.conditions), "warnings": sorted(signal.warnings)}
    return own | words | {"offers": offers, "where": signal.evidence.where, "quote": signal.evidence.quote}


def _agrees(entry: Mapping[str, Any], table: Mapping[str, Any]) -> bool:
    return all(_plain(value) == _plain(table[key]) for key, value in {**ALWAYS, **entry}.items())


def _plain(value: Any) -> Any:
    return sorted(value) if _is_words(value) else value


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def failures(paths: Iterable[Path]) -> Iterator[tuple[Vector, list[str]]]:
    """The vectors in ``paths`` that their readers answer otherwise, each with its differences."""
    for path in paths:
        yield from ((vector, found) for vector in vectors(path) if (found := differences(vector)))


def files() -> list[Path]:
    """The vector files of this install, one a reader; raises InputError when they are gone."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    if folder is None:
        raise InputError(
            "the test vectors of this install are gone: install it again", "この環境の検査データがありません。再インストールしてください"
        )
    return sorted((folder / "signals").glob("*.toml"))
