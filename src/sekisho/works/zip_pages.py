"""The pictures in a ZIP, CBZ or EPUB, in reading order; nothing is written to disk, nothing is unpacked that is larger than a page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from sekisho.fingerprints import Content, Unfit
from sekisho.formats.epub import BROKEN, LIMIT_MEMBERS
from sekisho.model import Text

PICTURE = re.compile(r"\.(jpe?g|jpe|jfif|png|gif|webp|avif|tiff?|bmp)$", re.IGNORECASE)
LARGEST_PAGE = 256 * 1024 * 1024
TIGHTEST = 1000  # how many times smaller a member may be packed: pictures hardly pack at all
ENCRYPTED = Unfit(
    Text(
        "encrypted: open it with its password and register the pages", "暗号化されています。パスワードで開いてからページを登録してください"
    )
)
SUSPECT = Unfit(Text("unpacks to more than any page", "展開後の大きさが異常です"))
NO_PICTURES = Unfit(Text("no pictures in this archive", "この書庫に画像がありません"))
CROWDED = Unfit(Text(f"more than {LIMIT_MEMBERS:,} files in one archive", f"一つの書庫に {LIMIT_MEMBERS:,} を超えるファイルがあります"))


def contents(file: BinaryIO) -> Iterator[Content | Unfit]:
    """The pictures in the archive, in the natural order of their names; a reason for each that cannot be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if is_picture(member)]
            if len(archive.filelist) > LIMIT_MEMBERS:
                yield CROWDED
            elif not members:
                yield NO_PICTURES
            else:
                yield from (page(archive, member) for member in sorted(members, key=natural))
    except BROKEN as error:
        yield damaged(error)


def is_picture(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a page, not what some systems lay beside pages."""
    parts = member.filename.split("/")
    return bool(PICTURE.search(member.filename)) and parts[0] != "__MACOSX" and not parts[-1].startswith(".")


def natural(member: zipfile.ZipInfo) -> list[tuple[int, str]]:
    """A key that puts page2 before page10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"([0-9]+)", member.filename)]


def page(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Content | Unfit:
    """One member as a picture."""
    if member.flag_bits & 1:
        return ENCRYPTED
    if member.file_size > LARGEST_PAGE or member.file_size > TIGHTEST * max(member.compress_size, 1024):
        return SUSPECT
    try:
        return Content(archive.read(member), "image")
    except BROKEN as error:
        return damaged(error)


def damaged(error: Exception) -> Unfit:
    """The reason when an archive or a member of it is broken."""
    return Unfit(Text(f"a damaged archive ({error})", f"書庫が壊れています（{error}）"))
