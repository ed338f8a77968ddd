import pytest

from sekisho.formats import xml

BOMB = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
FETCH = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
BARE = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'


def warnings(data, **options):
    return xml.parse(data, **options).warnings


def test_names_carry_their_namespace():
    root = xml.parse(b"<a xmlns='urn:u' xmlns:q='urn:v' b='1' q:z='2'><q:c>text</q:c></a>").root
    assert root.tag == "{urn:u}a"
    assert root.attrib == {"b": "1", "{urn:v}z": "2"}
    assert root.findtext("{urn:v}c") == "text"


@pytest.mark.parametrize("data", [BOMB, FETCH, BARE + b"<svg/>"])
def test_a_document_type_is_refused(data):
    assert xml.parse(data) == (None, ("xml-dtd",))


def test_a_bare_document_type_is_passed_over_when_asked():
    assert xml.parse(BARE + b"<svg>&amp;&#x3a;</svg>", bare_doctype=True).root.text == "&:"


@pytest.mark.parametrize("data", [BOMB, FETCH, BARE + b"<svg>&x;</svg>", BARE + b"<svg a='DMI-&x;ALLOWED'/>"])
def test_a_bare_document_type_brings_no_entity_in(data):
    assert xml.parse(data, bare_doctype=True) == (None, ("xml-dtd",))


@pytest.mark.parametrize(
    "data",
    [b"<a>" * 5_000_000, b"<a>" + b"<b/>" * 4_000_000 + b"</a>", b"<a " + b"b='' " * 500_000 + b"/>", b"<a>" + b" " * xml.LIMIT_BYTES],
)
def test_an_oversize_document_is_refused(data):
    assert warnings(data) == ("oversize",)


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a></b>", b"<a:b/>", b"\x00", b"<?xml version='1.0' encoding='base64'?><a", b"\xff\xfe<"])
def test_what_is_not_well_formed_is_malformed(data):
    assert xml.parse(data).root is None
    assert warnings(data)[0] == "malformed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_every_spelling(encoding):
    assert xml.parse("<a>学習</a>".encode(encoding)).root.text == "学習"


def test_padding_around_the_document_is_no_fault():
    assert xml.parse(b"\n  <?xml version='1.0'?><a/>\n\x00\x00\x00").root.tag == "a"


@pytest.mark.parametrize("name", ["Shift_JIS", "EUC-JP"])
def test_a_declared_japanese_encoding_is_read_with_a_warning(name):
    root, found = xml.parse(f"<?xml version='1.0' encoding='{name}'?><a>学習禁止</a>".encode(name))
    assert (root.text, found) == ("学習禁止", ("encoding",))


def test_latin_1_that_claims_to_be_utf_8_is_read_with_a_warning():
    root, found = xml.parse("<a>café</a>".encode("latin-1"))
    assert (root.text, found) == ("café", ("encoding",))
