"""Lists of works in and out, as CSV and as JSON-LD. Headings may be ours, or those of a register for individual creators in Japan.

One row is one file or one work; ``path`` may be left out of a row that only declares terms. Creators are written
``name|reading|role|born-died``, shares ``name:1/2``, several of each with semicolons between.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from sekisho.errors import InputError, UsageError
from sekisho.works import terms as terms_
from sekisho.works.values import Creator, Identity, RightsHolder, Share, Terms, TermsKind, Work

COLUMNS = (
    "path", "work", "title", "title_reading", "holder", "holder_reading", "identity", "proof", "contact", "shares", "terms", "kind", "isbn",
    "magazine_code", "volume", "first_published", "country", "edition", "creators", "url", "declared", "digest", "iscc",
)  # fmt: skip
REGISTER_JA = {
    "ファイル": "path", "作品ID": "work", "作品名": "title", "タイトル": "title", "作品名（よみ）": "title_reading", "作品名よみ": "title_reading",
    "権利者名": "holder", "筆名": "holder", "権利者名（よみ）": "holder_reading", "連絡先": "contact", "持分": "shares", "利用の可否": "terms",
    "ジャンル": "kind", "ISBN": "isbn", "雑誌コード": "magazine_code", "巻": "volume", "公表日": "first_published", "公表年月日": "first_published",
    "国": "country", "底本": "edition", "著作者": "creators", "URL": "url",
}  # fmt: skip
"""Headings of the register for individual creators (個人クリエイター等権利情報登録システム), as far as they are public, and what they are here."""
EXPORT_JA = ("作品名", "作品名（よみ）", "権利者名", "権利者名（よみ）", "ジャンル", "公表日", "URL", "利用の可否", "連絡先")
TERMS_JA = {
    "要相談": "ask", "相談": "ask", "相談に応じる": "ask", "著作物ごとに選択": "ask", "不可": "no", "利用不可": "no", "可": "yes", "利用可": "yes",
    "クレジット表記": "credit",
}  # fmt: skip
SAID_JA = {
    TermsKind.NO: "不可",
    TermsKind.ASK: "要相談",
    TermsKind.OFFER: "要相談",
    TermsKind.CREDIT: "著作物ごとに選択",
    TermsKind.YES: "著作物ごとに選択",
}
OPT_OUT = ("url", "digest", "iscc", "work", "title", "holder", "terms", "declared")
CONTEXT = {"@vocab": "https://schema.org/", "terms": "urn:sekisho:terms:", "iscc": "http://purl.org/iscc/terms/#iscc"}
YEARS = re.compile(r"(?P<born>\d{3,4})?\s*[-–~〜]\s*(?P<died>\d{3,4})?")
LARGEST_FIELD = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a catalogue: the path as written, the work with its shares, the terms and their day (None: as the command says), where it stands."""

    path: str
    work: Work
    terms: Terms | None
    on: date | None
    where: str


def load(path: Path) -> list[Line]:
    """The rows of a CSV or JSON-LD catalogue; raises InputError that names the row when one cannot be understood."""
    text = decoded(path)
    rows = json_rows(text, path) if text.lstrip().startswith(("{", "[")) else csv_rows(text, path)
    return [line(row, f"{path}:{number}") for number, row in rows]


def decoded(path: Path) -> str:
    """The text of ``path``: UTF-8, with or without a mark, or what spreadsheets on Japanese machines write."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path} is neither UTF-8 nor Shift_JIS.", f"{path} は UTF-8 でも Shift_JIS でもありません。")


def csv_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and fields of each row, headings in our words."""
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        headings = [REGISTER_JA.get(name.strip(), name.strip().lower()) for name in next(reader, [])]
        unknown = [name for name in headings if name not in {*COLUMNS, *OPT_OUT, ""}]
        if unknown or not headings:
            raise InputError(
                f"{path}: no column is called {', '.join(unknown) or '?'}. Known are: {', '.join(COLUMNS)}.",
                f"{path}：{'、'.join(unknown) or '?'} という列はありません。使える列：{', '.join(COLUMNS)}",
            )
        for row in reader:
            if any(field.strip() for field in row):
                yield reader.line_num, {name: field.strip() for name, field in zip(headings, row, strict=False) if name}
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: {error}.", f"{path}:{reader.line_num}：CSV として読めません（{error}）。") from error


def json_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and fields of each work of a JSON-LD document as ``json_ld`` writes it."""
    try:
        document = json.loads(text)
        works = document["@graph"] if isinstance(document, dict) else document
        yield from ((number, from_json_ld(node)) for number, node in enumerate(works, 1))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{path} is not a list of works in JSON-LD: {error!r}.", f"{path} は JSON-LD の作品リストとして読めません：{error!r}"
        ) from error


def line(row: Mapping[str, str], where: str) -> Line:
    """One row as values."""
    try:
        said = row.get("terms", "")
        day = date.fromisoformat(row["declared"]) if row.get("declared") else None
        return Line(row.get("path", ""), work(row), terms_.parse(TERMS_JA.get(said, said)) if said else None, day, where)
    except (UsageError, ValueError, ZeroDivisionError) as error:
        ja = error.ja if isinstance(error, UsageError) else str(error)
        raise InputError(f"{where}: {error}", f"{where}：{ja}") from error


def work(row: Mapping[str, str]) -> Work:
    """The work in a row; its shares add to one."""
    names = {field.name for field in fields(Work)} - {"id", "creators", "shares", "urls"}
    described = {name: row[name] for name in names if row.get(name)}
    urls = tuple(row.get("url", "").split())
    return Work(row.get("work", ""), **described, creators=creators(row.get("creators", "")), shares=shares(row), urls=urls)


def creators(text: str) -> tuple[Creator, ...]:
    """Creators written ``name|reading|role|born-died``; all but the name may be left out."""
    return tuple(creator(part.split("|")) for part in text.split(";") if part.strip())


def creator(parts: list[str]) -> Creator:
    """One creator."""
    name, reading, role, years = (part.strip() for part in (*parts, "", "", "")[:4])
    found = YEARS.fullmatch(years)
    if years and found is None:
        raise UsageError(
            f"{years!r} are no years: write born-died, such as 1928-1989 or 1960-.",
            f"{years!r} は生没年として読めません。1928-1989 や 1960- の形で書いてください。",
        )
    born, died = ((int(year) if year else None) for year in found.groups()) if found else (None, None)
    return Creator(name, reading, role, born, died)


def shares(row: Mapping[str, str]) -> tuple[Share, ...]:
    """The shares written ``name:1/2``, or the one holder with the whole; raises UsageError when they do not add to one."""
    parts = [part.rpartition(":") for part in row.get("shares", "").split(";") if part.strip()]
    if not parts:
        name = row.get("holder", "")
        return (Share(holder(name, row)),) if name else ()
    found = tuple(Share(holder(name.strip(), row), Fraction(part.strip())) for name, _, part in parts)
    if sum(share.part for share in found) != 1 or any(share.part <= 0 for share in found):
        raise UsageError(f"the shares {row['shares']!r} do not add to one", f"持分 {row['shares']!r} の合計が 1 になりません")
    return found


def holder(name: str, row: Mapping[str, str]) -> RightsHolder:
    """The holder called ``name``, described by the row."""
    identity = row.get("identity") or Identity.OWN
    if identity not in set(Identity):
        raise UsageError(
            f"{identity!r} is no identity: {', '.join(Identity)}.", f"{identity!r} は本人確認の区分ではありません：{', '.join(Identity)}"
        )
    return RightsHolder(name, row.get("holder_reading", ""), Identity(identity), row.get("proof", ""), row.get("contact", ""))


def row_of(work: Work, terms: Terms | None) -> dict[str, str]:
    """A work as a row under our headings."""
    first = work.shares[0].holder if work.shares else RightsHolder("")
    told = {
        name: str(getattr(work, name))
        for name in ("title", "title_reading", "kind", "isbn", "magazine_code", "volume", "first_published", "country", "edition")
    }
    of_holder = {
        "holder": work.holder,
        "holder_reading": first.reading,
        "identity": str(first.identity),
        "proof": first.proof,
        "contact": first.contact,
    }
    made_by = ";".join("|".join((one.name, one.reading, one.role, years(one))) for one in work.creators)
    split = ";".join(f"{share.holder.name}:{share.part}" for share in work.shares)
    return {
        "work": work.id,
        **told,
        **of_holder,
        "shares": split,
        "terms": str(terms or ""),
        "creators": made_by,
        "url": " ".join(work.urls),
    }


def years(creator: Creator) -> str:
    """Years of birth and death, empty where both are unknown."""
    return f"{creator.born or ''}-{creator.died or ''}" if creator.born or creator.died else ""


def as_csv(rows: Iterable[Mapping[str, str]], columns: Iterable[str]) -> str:
    """``rows`` as CSV with a byte order mark, which spreadsheets need to see Japanese. A field never begins a formula."""
    stream = io.StringIO(newline="")
    stream.write("\ufeff")
    writer = csv.DictWriter(stream, list(columns), extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def harmless(field: str) -> str:
    """``field``, with an apostrophe before what a spreadsheet would run."""
    return f"'{field}" if field.startswith(("=", "+", "-", "@", "\t")) else field


def row_ja(work: Work, terms: Terms | None) -> dict[str, str]:
    """A work as a row for the register for individual creators."""
    ours = row_of(work, terms)
    told = {heading: ours[REGISTER_JA[heading]] for heading in EXPORT_JA if heading != "利用の可否"}
    return told | {"利用の可否": SAID_JA[terms.kind] if terms else "要相談"}


def json_ld(works: Iterable[tuple[Work, Terms | None]]) -> str:
    """The works as a JSON-LD document (schema.org ``CreativeWork``)."""
    graph = [to_json_ld(work, terms) for work, terms in works]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def to_json_ld(work: Work, terms: Terms | None) -> dict[str, Any]:
    """One work as a JSON-LD node; what is not known is left out."""
    row = row_of(work, terms)
    node = {"@type": "CreativeWork", "identifier": work.id, "name": work.title, "alternateName": work.title_reading, "genre": work.kind}
    node |= {"isbn": work.isbn, "datePublished": work.first_published, "countryOfOrigin": work.country, "url": " ".join(work.urls)}
    node |= {"isBasedOn": work.edition}
    node |= {
        f"terms:{name}": row[name] for name in ("magazine_code", "volume", "creators", "shares", "terms", "identity", "proof", "contact")
    }
    node |= {"copyrightHolder": work.holder, "terms:holder_reading": row["holder_reading"]}
    return {key: value for key, value in node.items() if value}


def from_json_ld(node: Mapping[str, str]) -> dict[str, str]:
    """A JSON-LD node as a row under our headings."""
    ours = {
        "identifier": "work", "name": "title", "alternateName": "title_reading", "genre": "kind", "isbn": "isbn", "datePublished": "first_published",
        "countryOfOrigin": "country", "isBasedOn": "edition", "url": "url", "copyrightHolder": "holder",
    }  # fmt: skip
    return {ours.get(key, key.removeprefix("terms:")): str(value) for key, value in node.items() if not key.startswith("@")}
