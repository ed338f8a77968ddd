"""Bodies as servers send them: codings undone within a limit, and nothing broken passes for whole."""

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.formats.coding import Plain, decoded, joined

BODY = b"User-agent: *\nDisallow: /\n" * 20
CODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
}


@pytest.mark.parametrize("name", CODERS)
def test_each_coding_is_undone(name):
    assert decoded(CODERS[name](BODY), [name.upper()], 1 << 20) == Plain(BODY)


def test_codings_are_undone_last_first_over_several_lines():
    assert decoded(brotli.compress(gzip.compress(BODY)), ["gzip", "br"], 1 << 20) == Plain(BODY)


def test_a_bare_deflate_stream_is_read_too():
    packer = zlib.compressobj(wbits=-15)
    assert decoded(packer.compress(BODY) + packer.flush(), ["deflate"], 1 << 20) == Plain(BODY)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_body_cut_short_says_so_whatever_could_be_read(name):
    assert decoded(CODERS[name](BODY)[:-6], [name], 1 << 20).fault


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "compress", "my-own"])
def test_what_cannot_be_undone_is_no_body(name):
    found = decoded(b"this is something else entirely", [name], 1 << 20)
    assert found.fault
    assert found.body == b""


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_bomb_stops_at_the_limit(name):
    found = decoded(CODERS[name](bytes(8 << 20)), [name], 1 << 16)
    assert len(found.body) == 1 << 16


def test_more_layers_than_anybody_means_are_refused():
    assert decoded(b"", ["gzip"] * 5, 10).fault


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.sampled_from([b"", b";name=value"]))
def test_chunks_come_out_as_they_went_in(pieces, extension):
    sent = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces) + b"0\r\n\r\n"
    assert joined(sent) == b"".join(pieces)


@given(st.binary(max_size=200), st.sampled_from([[], ["gzip"], ["br"], ["deflate", "gzip"]]))
def test_no_bytes_raise(body, codings):
    assert isinstance(decoded(joined(body), codings, 1000), Plain)
