"""Laws of reading files: nothing raises, and no damage turns a denial, or garbage, into an allow."""

import zlib

import media_files as files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.formats import media, xml, xmp
from sekisho.model import Ask, Axis, Observation, Source, Value
from sekisho.signals import iptc, tdm_ai, tdmrep_files

READERS = (iptc, tdmrep_files, tdm_ai)
SOURCES = iptc.SPEC.sources
MAGICS = [
    *(magic for magic, _ in media.MAGIC),
    *(make(b"")[:20] for make in (files.webp, files.wav)),
    files.mp4()[:24],
    files.heif(b"")[:40],
    files.epub(files.opf(""))[:120],
    b"<svg ",
    b"{",
    b"<?xpacket begin=''?>",
]
CARRIED = {name: make(files.DENIAL) for name, make in files.CARRIERS.items()}
BOOK = files.epub(files.opf('<meta property="tdm:reservation">1</meta>'))
CODES = [*iptc.DENIED, "DMI-ALLOWED-noaitraining", "DMI-SEE-CONSTRAINT"]


def read(body, source=Source.IMAGE):
    observation = Observation("https://a.example/x", source, body)
    return [signal for reader in READERS if source in reader.SPEC.sources for signal in reader.read(observation, Ask())]


def allows(body, source=Source.IMAGE):
    return [signal for signal in read(body, source) if signal.value is Value.ALLOW]


@given(st.sampled_from(MAGICS), st.binary(max_size=400), st.sampled_from(SOURCES))
def test_garbage_behind_any_magic_never_raises_and_never_allows(magic, rest, source):
    assert allows(magic + rest, source) == []


@given(st.binary(max_size=300), st.text(max_size=12))
def test_any_bytes_are_of_some_kind_or_of_none(body, name):
    found = media.sniff(body, name)
    assert set(found.faults) <= set(media.FAULTS)


@pytest.mark.parametrize("carrier", CARRIED)
@given(st.data())
@settings(max_examples=60)
def test_a_damaged_denial_never_allows(carrier, data):
    body = bytearray(CARRIED[carrier])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] ^= 1 << data.draw(st.integers(0, 7))
    assert allows(bytes(body)) == []


@pytest.mark.parametrize("carrier", CARRIED)
@given(st.data())
@settings(max_examples=30)
def test_a_denial_cut_short_never_allows(carrier, data):
    body = CARRIED[carrier]
    assert allows(body[: data.draw(st.integers(0, len(body)))]) == []


@given(st.integers(0, len(BOOK) - 1), st.integers(0, 7))
def test_a_damaged_book_that_reserves_never_allows(at, bit):
    body = bytearray(BOOK)
    body[at] ^= 1 << bit
    assert allows(bytes(body), Source.EPUB) == []


@pytest.mark.parametrize("carrier", CARRIED)
def test_every_carrier_says_the_same(carrier):
    said = {(signal.axis, signal.value) for signal in read(CARRIED[carrier])}
    assert said == {(axis, Value.DENY) for axis in (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.TDM, Axis.AI_USE, Axis.SEARCH)}


@given(st.sampled_from(CODES), st.sampled_from(["", files.VOCABULARY, "https" + files.VOCABULARY[4:]]), st.booleans())
def test_a_term_that_denies_denies_however_it_is_spelt(code, prefix, lower):
    value = prefix + (code.lower() if lower else code)
    said = read(files.packet(f"<plus:DataMining> {value}\n</plus:DataMining>"), Source.SIDECAR)
    assert any(signal.value in {Value.DENY, Value.LICENCE} and signal.axis is Axis.TRAIN for signal in said)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_a_value_allows_only_if_it_is_the_word_for_it(value):
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    found = allows(files.packet(f"<plus:DataMining>{escaped}</plus:DataMining>"), Source.SIDECAR)
    assert not found or "dmi-" in value.lower()


@given(st.binary(max_size=200))
def test_any_text_is_packed_and_unpacked_in_a_png_without_loss(text):
    body = files.png_with(files.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(text)))
    found = iptc.asset(Observation("x", Source.IMAGE, body))
    assert [packet.data for packet in found.packets] == [text]


@given(st.binary(max_size=400))
def test_any_bytes_as_xml_or_as_a_packet_give_a_value(data):
    assert (xml.parse(data).root is None) == (xmp.read(data).root is None)
