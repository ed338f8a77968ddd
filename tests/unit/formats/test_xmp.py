import pytest
from media_files import DENIAL, PLUS, packet

from sekisho.formats import xmp

NAME = f"{{{PLUS}}}DataMining"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


def values(properties="", **options):
    return [(one.name, one.value) for one in xmp.read(packet(properties, **options)).properties]


@pytest.mark.parametrize(
    ("properties", "attributes"),
    [
        ("", 'plus:DataMining="x"'),
        ("<plus:DataMining>x</plus:DataMining>", ""),
        ("<plus:DataMining>\n  x\n</plus:DataMining>", ""),
        ("<plus:DataMining><![CDATA[x]]></plus:DataMining>", ""),
        ('<plus:DataMining rdf:resource="x"/>', ""),
        ("<plus:DataMining><rdf:Bag><rdf:li>x</rdf:li></rdf:Bag></plus:DataMining>", ""),
        ('<plus:DataMining><rdf:Alt><rdf:li xml:lang="x-default">x</rdf:li></rdf:Alt></plus:DataMining>', ""),
        ("<plus:DataMining><rdf:Seq><rdf:_1>x</rdf:_1></rdf:Seq></plus:DataMining>", ""),
        ('<plus:DataMining rdf:parseType="Resource"><rdf:value>x</rdf:value></plus:DataMining>', ""),
        ("<plus:DataMining><rdf:Description><rdf:value>x</rdf:value></rdf:Description></plus:DataMining>", ""),
        ('<plus:DataMining rdf:parseType="Literal">x</plus:DataMining>', ""),
    ],
)
def test_every_spelling_of_a_property_gives_its_value(properties, attributes):
    assert values(properties, attributes=attributes) == [(NAME, "x")]


def test_the_prefix_is_free():
    assert values("<p:DataMining>x</p:DataMining>", prefix="p") == [(NAME, "x")]


def test_a_prefix_bound_elsewhere_is_another_property():
    assert values("<plus:DataMining>x</plus:DataMining>", space="urn:other") == [("{urn:other}DataMining", "x")]


def test_a_part_of_a_structure_names_what_it_is_part_of():
    inner = (
        "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType='Resource'><plus:LicensorURL>u</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>"
    )
    (one,) = xmp.read(packet(inner)).properties
    assert (one.name, one.value, one.within) == (f"{{{PLUS}}}LicensorURL", "u", f"{{{PLUS}}}Licensor")


@pytest.mark.parametrize(
    "inner", ['<plus:Licensor plus:LicensorURL="u"/>', '<plus:Licensor><rdf:Description plus:LicensorURL="u"/></plus:Licensor>']
)
def test_a_part_written_as_an_attribute_is_a_part_as_well(inner):
    (one,) = xmp.read(packet(inner)).properties
    assert (one.value, one.within) == ("u", f"{{{PLUS}}}Licensor")


def test_the_language_of_an_alternative_is_kept():
    inner = '<plus:OtherConstraints><rdf:Alt><rdf:li xml:lang="ja">学習禁止</rdf:li><rdf:li xml:lang="en">no</rdf:li></rdf:Alt></plus:OtherConstraints>'
    assert [(one.value, one.lang) for one in xmp.read(packet(inner)).properties] == [("学習禁止", "ja"), ("no", "en")]


def test_rdf_without_a_wrapper_and_a_typed_node_are_read():
    text = f'<rdf:RDF {RDF}><t:Picture xmlns:t="urn:t" xmlns:plus="{PLUS}" plus:DataMining="x"/></rdf:RDF>'
    assert [one.value for one in xmp.read(text.encode()).properties] == ["x"]


def test_the_place_is_a_path():
    assert xmp.read(DENIAL).properties[0].where == "/Description/DataMining"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_packet_in_utf_16_is_read(encoding):
    assert xmp.read(DENIAL.decode().encode(encoding)).properties


@pytest.mark.parametrize("data", [b"", b"<", DENIAL[:200], b"<!DOCTYPE a><a/>", b"\x00" * 9])
def test_what_cannot_be_read_says_why(data):
    found = xmp.read(data)
    assert (found.properties, found.root) == ((), None)
    assert found.warnings


def test_names_as_long_as_the_packet_cost_no_memory_for_places():
    deep = "".join(f"<plus:{'n' * 400}{number}><rdf:Description>" for number in range(90))
    closing = "".join(f"</rdf:Description></plus:{'n' * 400}{number}>" for number in reversed(range(90)))
    found = xmp.read(packet(deep + "<plus:A>x</plus:A>" * 10_000 + closing))
    assert max(len(one.where) for one in found.properties) <= xmp.PATH_CHARACTERS
