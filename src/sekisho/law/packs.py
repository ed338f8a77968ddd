"""The law pack: every law file, read once and checked, and the order in which its rules speak."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from sekisho.errors import InputError, LawError, UsageError
from sekisho.law import loading
from sekisho.law.rules import Dated, LawFile, Note, Rule, Status
from sekisho.law.vocabulary import FACTS_FILE
from sekisho.model import Stage

FOLDER = Path(__file__).parent

Entry = TypeVar("Entry", bound=Dated)


@dataclass(frozen=True)
class Pack:
    """The rules in force anywhere on any day; ``digest`` is SHA-256 over everything that decides."""

    files: dict[str, LawFile]
    digest: str

    @cached_property
    def dated(self) -> date:
        """The day up to which the pack was last checked."""
        return max(entry.checked.on for file in self.files.values() for entry in file.entries)

    @cached_property
    def begins(self) -> date:
        """The first day that the pack can be asked about."""
        return min(rule.since for file in self.files.values() for rule in file.rules)

    @cached_property
    def jurisdictions(self) -> tuple[str, ...]:
        """The codes that can be asked, as the pack spells them."""
        return tuple(file.code for file in self.files.values() if file.is_jurisdiction)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every accepted code → the pack's own (``GB`` → ``UK``)."""
        return {spelling: code for code in self.jurisdictions for spelling in (code, *self.files[code].also)}

    def jurisdiction(self, code: str) -> LawFile:
        """The file of a jurisdiction by any of its spellings; raises UsageError with the known codes."""
        if code.upper() not in self.spellings:
            known = ", ".join(self.spellings)
            raise UsageError(
                f"the law pack does not know the jurisdiction {code!r}; known: {known} (for another member state of the EU ask EU)",
                f"法域 {code!r} は法令パックにありません。使える法域: {known}（その他のEU加盟国は EU を指定）",
            )
        return self.files[self.spellings[code.upper()]]

    def lineage(self, code: str) -> tuple[LawFile, ...]:
        """The files that speak for a jurisdiction, first word first: common, its own, then what it inherits."""
        own = self.jurisdiction(code)
        return (self.files[loading.COMMON], own, *([self.files[own.inherits]] if own.inherits else []))

    def rules(self, jurisdiction: str, on: date, stage: Stage) -> tuple[Rule, ...]:
        """The enacted rules in force, in order of precedence: the first that applies decides."""
        self.not_before_it_begins(on)
        rules = (rule for file in self.lineage(jurisdiction) for rule in file.rules if rule.status is Status.ENACTED)
        return _in_force(rules, on, stage)

    def notes(self, jurisdiction: str, on: date, stage: Stage) -> tuple[Note, ...]:
        """The notes in force, general ones first."""
        self.not_before_it_begins(on)
        return _in_force((note for file in reversed(self.lineage(jurisdiction)) for note in file.notes), on, stage)

    def not_before_it_begins(self, on: date) -> None:
        """Raises UsageError for a day before the pack begins."""
        if on < self.begins:
            raise UsageError(
                f"the law pack begins on {self.begins}; {on} lies before it",
                f"法令パックの始期は {self.begins} です。{on} はそれより前です",
            )


def _in_force(entries: Iterable[Entry], on: date, stage: Stage) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.stage is stage and entry.in_force(on))


@cache
def pack(extra: Path | None = None) -> Pack:
    """Our law files, with those of the folder ``extra`` beside them (one file a jurisdiction that we do not have).

    Raises LawError naming the file, the rule and the word when a file breaks the rules of the format, InputError when there is no such folder.
    """
    if extra and not extra.is_dir():
        raise InputError(f"{extra}: no such folder of law files", f"{extra}: 法令ファイルのフォルダーがありません")
    paths = _law_files(FOLDER) + (_law_files(extra) if extra else [])
    files: dict[str, LawFile] = {}
    for path in paths:
        file = loading.law_file(path)
        if file.code in files:
            raise LawError(f"{path}: {file.code} is already in the law pack", f"{path}: {file.code} は既に法令パックにあります")
        files[file.code] = file
    loading.check_together(files)
    return Pack(files, _digest([FACTS_FILE, loading.CONDITIONS_FILE, *paths]))


def _law_files(folder: Path) -> list[Path]:
    """The files of jurisdictions (two letters) and of shared rules; anything else in the folder is not law."""
    return [path for path in sorted(folder.glob("*.toml")) if len(path.stem) == len("jp") or path.stem in {"common", "general"}]


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        body = path.read_bytes()
        whole.update(f"{path.name} {len(body)}\n".encode() + body)
    return whole.hexdigest()
