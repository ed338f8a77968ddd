"""RSL terms carried in files: books, pictures, XMP packets."""

import media_files as files
import pytest

from sekisho.model import Ask, Axis, Level, Observation, Source, Value
from sekisho.signals import rsl

TERMS = '<r:rsl xmlns:r="https://rslstandard.org/rsl"><r:content url="{url}"><r:license><r:{word} type="usage">ai-train</r:{word}></r:license></r:content></r:rsl>'
DENIAL = TERMS.format(url="https://a.example/1", word="prohibits")
PERMISSION = TERMS.format(url="https://a.example/1", word="permits")


def epub(terms):
    return Source.EPUB, files.epub(files.opf(terms))


def png(terms):
    return Source.IMAGE, files.png_with(files.chunk(b"iTXt", b"rsl\0\0\0\0\0" + terms.encode()))


def xmp(terms):
    return Source.SIDECAR, files.packet(terms)


CARRIERS = [epub, png, xmp]


def read(carried):
    source, body = carried
    return {signal.axis: signal for signal in rsl.read(Observation("https://b.example/copy", source, body), Ask("https://b.example/copy"))}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_terms_in_a_file_speak_for_the_file_wherever_it_is_found(carrier):
    found = read(carrier(DENIAL))
    assert {axis: signal.value for axis, signal in found.items()} == {Axis.TRAIN: Value.DENY, Axis.TRAIN_NONGEN: Value.DENY}
    assert all(signal.level is Level.ASSET for signal in found.values())


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_permission_in_a_file_denies_what_it_leaves_out(carrier):
    found = read(carrier(PERMISSION))
    assert (found[Axis.TRAIN].value, found[Axis.AI_USE].value) == (Value.ALLOW, Value.DENY)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_terms_that_do_not_name_the_address_of_the_work_grant_nothing(carrier):
    assert all(signal.value is not Value.ALLOW for signal in read(carrier(TERMS.format(url="", word="permits"))).values())


@pytest.mark.parametrize("carrier", CARRIERS)
def test_two_contents_in_a_file_grant_nothing_and_still_deny(carrier):
    content = PERMISSION[PERMISSION.index("<r:content") : PERMISSION.index("</r:rsl>")]
    twice = PERMISSION.replace(content, content + content.replace("permits", "prohibits"))
    found = read(carrier(twice))
    assert (found[Axis.TRAIN].value, found[Axis.TDM].warnings) == (Value.DENY, ("malformed",))


def test_a_picture_without_terms_is_silent():
    assert read((Source.IMAGE, files.png())) == {}
