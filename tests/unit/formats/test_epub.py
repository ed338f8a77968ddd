import struct
import zipfile

import media_files
import pytest
from media_files import epub, opf

from sekisho.formats.carried import Fault
from sekisho.formats.epub import Package, metas, packages

META = '<meta property="tdm:reservation">1</meta>'


def codes(body):
    return [one.code for one in packages(body) if isinstance(one, Fault)]


def test_the_package_document_is_found_through_the_container():
    (found,) = packages(epub(opf(META)))
    assert isinstance(found, Package)
    assert found.path == "OEBPS/book.opf"


@pytest.mark.parametrize(
    ("meta", "attributes", "expected"),
    [
        (META, "", ("tdm:reservation", "1", "")),
        ('<meta name="tdm:reservation" content="1"/>', "", ("tdm:reservation", "1", "")),
        (META, 'prefix="tdm: http://www.w3.org/ns/tdmrep#"', ("http://www.w3.org/ns/tdmrep#reservation", "1", "")),
        (
            META.replace("tdm", "t"),
            'prefix="a: urn:a t: http://www.w3.org/ns/tdmrep#"',
            ("http://www.w3.org/ns/tdmrep#reservation", "1", ""),
        ),
        ('<meta property="x" refines="#c1"> y </meta>', "", ("x", "y", "#c1")),
    ],
)
def test_a_meta_gives_name_value_and_what_it_speaks_of(meta, attributes, expected):
    (package,) = packages(epub(opf(meta, attributes=attributes)))
    assert list(metas(package.root)) == [expected]


def test_an_epub_2_package_may_name_its_document_type():
    doctype = '<!DOCTYPE package PUBLIC "+//ISBN 0-9673008-1-9//DTD OEB 1.2 Package//EN" "http://openebook.org/dtds/oeb-1.2/oebpkg12.dtd">'
    assert codes(epub(doctype + opf(META))) == []


def test_entities_in_a_package_are_refused():
    assert codes(epub('<!DOCTYPE package [<!ENTITY a "1">]>' + opf(META))) == ["xml-dtd"]


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_a_book_cut_short_is_truncated(keep):
    body = epub(opf(META))
    assert codes(body[: int(len(body) * keep)]) == ["truncated"]


def test_a_package_packed_beyond_reason_is_refused():
    assert codes(epub(opf("<!--" + " " * 3_000_000 + "-->"))) == ["malformed"]


def test_a_package_larger_than_any_is_refused():
    assert codes(epub(opf("x" * 5_000_000), packing=zipfile.ZIP_STORED)) == ["malformed"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_packing_that_books_may_not_use_is_refused(packing):
    assert codes(epub(opf(META), packing=packing)) == ["malformed"]


def test_a_book_with_more_members_than_any_is_not_opened():
    assert codes(epub(opf(META), more=[(f"{number}", "") for number in range(21_000)])) == ["oversize"]


def test_a_directory_that_lies_about_its_size_is_malformed():
    body = bytearray(epub(opf(META)))
    struct.pack_into("<I", body, body.rindex(b"PK\x05\x06") + 16, 0x7FFFFFFF)
    assert codes(bytes(body)) == ["malformed"]


def test_a_book_with_a_wrong_checksum_is_malformed():
    body = bytearray(epub(opf(META), packing=zipfile.ZIP_STORED))
    body[body.index(b"A book")] ^= 1
    assert codes(bytes(body)) == ["malformed"]


def test_an_encrypted_package_is_told():
    body = bytearray(epub(opf(META)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := body.find(mark, at)) >= 0:
            body[at + offset] |= 1
            at += 4
    assert codes(bytes(body)) == ["encrypted"]


def test_a_container_that_names_a_missing_package_is_malformed(monkeypatch):
    monkeypatch.setattr(media_files, "CONTAINER", media_files.CONTAINER.replace("book.opf", "lost.opf"))
    assert codes(epub(opf(META))) == ["malformed"]
