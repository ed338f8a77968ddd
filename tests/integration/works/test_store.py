import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from zipfile import ZipFile

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from drawings import drawing, encoded
from PIL import Image, ImageOps
from sqlalchemy import text

from sekisho.errors import InputError, RunError, UsageError
from sekisho.works import Closeness, Identity, RightsHolder, TermsKind, Works, scanning, schema
from sekisho.works.matching import Brake, Screened
from sekisho.works.settings import Settings, change
from sekisho.works.store import DATABASE

JANUARY, JUNE = date(2026, 1, 5), date(2026, 6, 1)


def test_a_registered_folder_is_recognised(store, folder):
    works = Works.open(store)
    told = works.register(folder, holder="青井", terms="no")
    assert [one.refused for one in told] == [None] * 8
    assert told[0].fingerprints == {"exact-1": 1, "image-1": 1, "parts-2": 1}
    assert told[0].iscc.startswith("ISCC:K")
    match = works.match(folder / "p3.jpg")[0]
    assert (match.work, match.level, match.score, match.holder) == (told[3].work, Closeness.VERBATIM, 1.0, "青井")
    altered = works.match(encoded(ImageOps.mirror(drawing(3)), "JPEG", quality=40))[0]
    assert (altered.work, altered.level) == (told[3].work, Closeness.NEAR)
    assert altered.terms.kind is TermsKind.NO
    assert works.match(encoded(drawing(99))) == []


def test_twice_is_harmless(store, folder):
    works = Works.open(store)
    first = works.register(folder, holder="A", terms="no")
    again = works.register(folder, holder="A", terms="no")
    assert [one.already for one in first] == [False] * 8
    assert [one.already for one in again] == [True] * 8
    assert [one.work for one in first] == [one.work for one in again]
    with works.store.read() as connection:
        counts = [
            connection.scalar(text(f"select count(*) from {name}"))
            for name in ("works", "files", "fingerprints", "terms", "shares", "holders")
        ]
    assert counts == [8, 8, 24, 8, 8, 1]


def test_several_processes_register_the_same_as_one(store, folder, tmp_path):
    one = Works.open(tmp_path / "alone").register(folder, holder="A")
    two = Works.open(store).register(folder, holder="A", workers=2)
    assert [(page.path, page.work, page.iscc) for page in one] == [(page.path, page.work, page.iscc) for page in two]


def test_the_migrated_tables_are_those_of_the_schema(store):
    works = Works.open(store)
    works.store.ready()
    with works.store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), schema.metadata)
    assert differences == []


def test_a_store_that_an_older_sekisho_wrote_is_brought_up_to_date_by_reading(tmp_path, folder):
    Works.open(tmp_path / "store").register(folder, holder="A", terms="no")
    with closing(sqlite3.connect(tmp_path / "store" / DATABASE)) as before:
        before.execute("ALTER TABLE works DROP COLUMN edition")
        before.execute("UPDATE alembic_version SET version_num = '0001'")
        before.commit()
    found = Works.open(tmp_path / "store")
    assert {work.edition for work, _ in found.all()} == {""}
    assert found.match(folder / "p0.jpg")


def test_texts_registered_by_an_older_sekisho_are_found_without_registering_them_again(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("".join(chr(0x4E00 + number * 37 % 997) for number in range(400)), encoding="utf-8")
    Works.open(tmp_path / "store").register(page, holder="A", terms="no")
    with closing(sqlite3.connect(tmp_path / "store" / DATABASE)) as before:
        (now,) = before.execute("SELECT exported FROM fingerprints").fetchone()
        before.execute("UPDATE fingerprints SET part = 'text-passages-1', exported = x'00'")
        before.execute("UPDATE alembic_version SET version_num = '0002'")
        before.commit()
    assert Works.open(tmp_path / "store").match(page)
    with closing(sqlite3.connect(tmp_path / "store" / DATABASE)) as after:
        assert after.execute("SELECT part, exported FROM fingerprints").fetchall() == [("text-passages-2", now)]


def test_terms_are_seen_as_they_were_on_a_day(store, folder):
    works = Works.open(store)
    work = works.register(folder / "p0.jpg", holder="A", terms="yes", on=JANUARY)[0].work
    assert works.declare([work, "nobody's"], "no", on=JUNE) == [work]

    def on(day):
        return works.match(folder / "p0.jpg", on=day)[0].terms.kind

    assert on(JANUARY) is TermsKind.YES
    assert on(JUNE - timedelta(days=1)) is TermsKind.YES
    assert on(JUNE) is TermsKind.NO
    assert on(JANUARY - timedelta(days=1)) is TermsKind.ASK
    assert works.terms([work], JANUARY)[work].terms.kind is TermsKind.YES
    assert works.terms([work], JANUARY - timedelta(days=1)) == {}


def test_nothing_that_was_declared_is_overwritten(store, folder):
    works = Works.open(store)
    for terms in ("yes", "no", "no", "ask"):
        works.register(folder / "p0.jpg", holder="A", terms=terms, on=JANUARY)
    with works.store.read() as connection:
        assert list(connection.scalars(text("select kind from terms order by id"))) == ["yes", "no", "ask"]


def test_somebody_elses_work_is_refused_and_stays_theirs(store, folder, tmp_path):
    works = Works.open(store)
    work = works.register(folder / "p0.jpg", holder="A", terms="no")[0].work
    told = works.register(folder / "p0.jpg", holder="B", terms="yes")[0]
    assert "registered to A" in told.refused.en
    assert works.match(folder / "p0.jpg")[0].holder == "A"
    with pytest.raises(UsageError, match="B is no holder"):
        works.declare([work], "yes", "B")


def test_a_catalogue_gives_works_shares_and_terms_to_files(store, folder, tmp_path):
    catalogue = folder / "works.csv"
    catalogue.write_text(
        "path,work,title,shares,terms,creators,volume\n"
        "p0.jpg,vol1,海,A:1/3;B:2/3,no,手塚|てづか|author|1928-1989,1\n"
        "p1.jpg,vol1,海,A:1/3;B:2/3,no,手塚|てづか|author|1928-1989,1\n"
        "gone.jpg,vol2,空,A:1,no,,2\n",
        encoding="utf-8",
    )
    works = Works.open(store)
    told = works.register(folder, holder="C", terms="yes", catalogue=catalogue)
    assert {one.work for one in told[:2]} == {"vol1"}
    assert "cannot be opened" in told[2].refused.en
    assert len(told) == 9
    assert not any(one.path.endswith(".csv") for one in told)
    work = works.works(["vol1"])["vol1"]
    assert [share.part for share in work.shares] == [Fraction(1, 3), Fraction(2, 3)]
    assert work.creators[0].died == 1989
    match = works.match(folder / "p1.jpg")[0]
    assert (match.work, match.title, match.holder, match.terms.kind) == ("vol1", "海", "A, B", TermsKind.NO)
    assert works.match(folder / "p2.jpg")[0].holder == "C"


def test_works_are_found_by_address_digest_and_iscc(store, folder):
    catalogue = folder / "works.csv"
    catalogue.write_text("path,work,holder,terms,url\np0.jpg,w0,A,no,https://example.com/a https://example.com/b\n", encoding="utf-8")
    works = Works.open(store)
    told = works.register(catalogue=catalogue)[0]
    assert works.at_urls(["https://example.com/b", "https://example.com/c"]) == {"https://example.com/b": ["w0"]}
    [(digest, iscc)] = works.files("w0")
    assert iscc == told.iscc
    assert works.of_digests([digest, b"x"]) == {digest: ["w0"]}
    assert works.of_isccs([told.iscc]) == {told.iscc: ["w0"]}


def test_what_is_registered_later_is_found_by_a_store_that_was_open(store, folder):
    reader, writer = Works.open(store), Works.open(store)
    writer.register(folder / "p0.jpg", holder="A")
    assert reader.match(folder / "p1.jpg") == []
    writer.register(folder / "p1.jpg", holder="A")
    assert reader.match(folder / "p1.jpg")
    for place in range(2, 8):
        writer.register(folder / f"p{place}.jpg", holder="A")
        assert reader.match(folder / f"p{place}.jpg")
    assert all(reader.match(folder / f"p{place}.jpg") for place in range(8))


def test_what_is_known_to_be_harmless_hides_what_only_resembles_it(store, folder):
    works = Works.open(store)
    works.register(folder / "p0.jpg", folder / "p1.jpg", holder="A", terms="no")
    works.mark_harmless(folder / "p0.jpg")
    assert works.match(encoded(drawing(0).resize((200, 150)))) == []
    assert works.match(folder / "p1.jpg")


def test_a_store_that_is_not_there_is_an_error_and_not_an_empty_answer(store):
    if "://" in store:
        assert not Works.open(store).store.exists
    with pytest.raises(InputError, match="no works store"):
        Works.open(store).match("words")


def test_what_cannot_be_read_is_an_error_for_one_and_an_answer_in_a_stream(store, folder):
    works = Works.open(store)
    works.register(folder / "p0.jpg", holder="A")
    with pytest.raises(InputError, match="damaged picture"):
        works.match(b"\xff\xd8\xff\xe0 cut off")
    answers = list(works.screen([b"\xff\xd8\xff\xe0 cut off", folder / "p0.jpg", folder / "gone.jpg"]))
    assert [bool(answer.unreadable) for answer in answers] == [True, False, True]


def test_a_blank_picture_resembles_nothing(store, folder):
    works = Works.open(store)
    works.register(folder / "p0.jpg", holder="A")
    blank = encoded(drawing(0).point(lambda _: 255))
    assert works.match(blank) == []
    told = works.register(blank_file(folder), holder="A")[0]
    assert "nothing in it" in told.refused.en


def blank_file(folder: Path) -> Path:
    path = folder / "blank.png"
    path.write_bytes(encoded(drawing(0).point(lambda _: 255)))
    return path


def test_settings_are_kept_and_checked(store, folder):
    works = Works.open(store)
    works.register(folder / "p0.jpg", holder="A")
    change(works.store, "threshold", "0.9")
    assert works.settings.threshold == 0.9
    for name, value in (("threshold", "2"), ("colour", "1"), ("sure", "high"), ("sure", "nan")):
        with pytest.raises(UsageError):
            change(works.store, name, value)


def test_a_store_of_a_newer_version_is_left_alone(store, folder):
    works = Works.open(store)
    works.register(folder / "p0.jpg", holder="A")
    works.store.write(lambda connection: connection.execute(text("update alembic_version set version_num = '9999'")))
    with pytest.raises(RunError, match="newer Sekisho"):
        Works.open(store).register(folder / "p1.jpg", holder="A")


def test_a_claimant_is_told_from_an_owner_of_the_same_name(store, folder):
    works = Works.open(store)
    works.register(folder / "p0.jpg", holder=RightsHolder("A", identity=Identity.CLAIMED), terms="yes")
    assert works.match(folder / "p0.jpg")[0].identity is Identity.CLAIMED
    assert works.register(folder / "p0.jpg", holder="A", terms="no")[0].refused


def test_other_urls_are_refused_and_passwords_are_not_shown():
    with pytest.raises(InputError) as caught:
        Works.open("mysql://me:secret@example.com/db")
    assert "secret" not in caught.value.en + caught.value.ja


def screened(number: int, works: list[str]) -> Screened:
    matches = [type("M", (), {"work": work})() for work in works]
    return Screened("", number, matches)  # type: ignore[arg-type]


def test_a_work_that_matches_everything_is_set_apart_and_the_answer_left_open():
    brake = Brake(Settings(flood_after=50, flood_share=0.2))
    answers = [brake.watch(screened(number, ["everywhere"] + (["once"] if number == 70 else []))) for number in range(100)]
    assert not answers[10].flooded
    assert answers[99].flooded == ("everywhere",)
    assert [match.work for match in answers[70].matches] == ["once"]


def test_the_same_item_again_and_again_does_not_pull_the_brake():
    brake = Brake(Settings(flood_after=50, flood_share=0.2))
    for number in range(200):
        brake.watch(screened(number, []))
    assert not any(brake.watch(screened(7, ["w"])).flooded for _ in range(500))


def test_the_brake_lets_go_when_the_flood_is_over():
    brake = Brake(Settings(flood_after=50, flood_share=0.2))
    for number in range(300):
        brake.watch(screened(number, ["w"]))
    for number in range(300, 1400):
        brake.watch(screened(number, []))
    assert not brake.watch(screened(5000, ["w"])).flooded


def test_a_large_volume_shared_among_processes_comes_to_the_same(tmp_path, monkeypatch):
    book = tmp_path / "book.cbz"
    with ZipFile(book, "w") as archive:
        for number in range(7):
            archive.writestr(f"page{number}.jpg", encoded(drawing(number)))
        archive.writestr("page9.jpg", b"\xff\xd8\xff torn")
    alone = Works.open(tmp_path / "alone").register(book, holder="A")
    monkeypatch.setattr(scanning, "LARGE", 1)
    spread = Works.open(tmp_path / "spread").register(book, holder="A", workers=2)
    assert [(page.page, page.work, page.iscc, page.refused) for page in spread] == [
        (page.page, page.work, page.iscc, page.refused) for page in alone
    ]
    assert [bool(page.refused) for page in spread] == [False] * 7 + [True]


def test_files_registered_before_there_was_a_kind_are_found_by_it_after_the_next_register(tmp_path, folder):
    works = Works.open(tmp_path / "store")
    works.register(folder, holder="A")
    pictures = sorted(folder.glob("p*.jpg"))
    with works.store.engine.begin() as connection:
        connection.exec_driver_sql("delete from fingerprints where part = 'parts-2' and file % 2 = 0")
    shutil.rmtree(works.store.index_folder / "parts-2", ignore_errors=True)
    cut = Image.open(pictures[1]).crop((60, 40, 330, 250))
    assert kinds_found(Works.open(tmp_path / "store"), cut) == set()
    assert not any(one.refused for one in works.register(folder, holder="A"))
    assert kinds_found(Works.open(tmp_path / "store"), cut) == {"parts-2"}


def kinds_found(works, picture):
    return {match.fingerprint for match in works.match(encoded(picture)) if match.score > 0.5}
