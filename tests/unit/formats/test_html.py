"""The page reader against broken and hostile markup."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.formats import html


def metas(page):
    return [element.attributes for element in html.parse(page.encode()).every("meta")]


NOAI = {"name": "robots", "content": "noai"}


@pytest.mark.parametrize(
    "page",
    [
        "<meta name=robots content=noai>",
        "<META NAME='robots' CONTENT=\"noai\"/>",
        "<meta\nname\n=\nrobots\ncontent=noai>",
        "<meta name=robots content=noai content=all>",
        "<meta name=robots content='&#110;oai'>",
        "<a ==><meta name=robots content=noai>",
        "<!--><meta name=robots content=noai>",
        "<!---><meta name=robots content=noai>",
        "<!-- a --!><meta name=robots content=noai>",
        "<? php ?></ x><meta name=robots content=noai>",
        "< p><<meta name=robots content=noai>",
        "<noscript><meta name=robots content=noai></noscript>",
        "<title>a <b></title><meta name=robots content=noai>",
        "<script>'<meta>'</script ><meta name=robots content=noai>",
    ],
)
def test_an_element_is_found_however_it_is_spelt(page):
    assert NOAI in metas(page)


@pytest.mark.parametrize(
    "page",
    [
        "<!-- <meta name=robots content=noai> -->",
        "<script><meta name=robots content=noai></script>",
        "<title><meta name=robots content=noai></title>",
        "<a title='<meta name=robots content=noai>'>",
        "<meta name=robots content='noai",
        "<meta name=robots content=noai",
    ],
)
def test_what_is_no_element_is_not_read_as_one(page):
    assert metas(page) == []


@pytest.mark.parametrize(
    ("page", "in_head"),
    [
        ("<link rel=a>", True),
        ("<html><head><script>x</script><link rel=a></head>", True),
        ("<html><head><title>words</title>\n<link rel=a>", True),
        ("<html><head></head>\n<link rel=a><body>", True),
        ("<body><link rel=a>", False),
        ("words <link rel=a>", False),
        ("<html><head>words<link rel=a></head>", False),
        ("<p><link rel=a>", False),
    ],
)
def test_the_head_ends_where_a_parser_would_end_it(page, in_head):
    assert html.parse(page.encode()).every("link")[0].in_head is in_head


def test_elements_know_who_they_stand_in():
    page = html.parse(b"<div id=a><div><p>x</div><div id=b><i><a href=x></i></div></div><a href=y>")
    inner, outer = page.every("a")
    assert [element.attributes.get("id") for element in inner.outward()] == [None, "b", "a"]
    assert list(outer.outward()) == [outer]


def test_evidence_is_the_tag_as_written_and_its_line():
    element = html.parse(b"<p>\n<META  name=x>").every("meta")[0]
    assert (element.source, element.where) == ("<META  name=x>", "line 2, meta")


def test_the_shown_text_has_no_scripts_and_no_styles():
    page = html.parse("<title>表題</title><style>a</style><p>無断<b>学習</b>禁止 &amp; c<script>b</script>".encode())
    assert page.text.split() == ["表題", "無断", "学習", "禁止", "&", "c"]


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp", "iso-2022-jp", "utf-8"])
def test_a_page_is_decoded_by_the_charset_it_names(charset):
    codec = {"shift_jis": "cp932"}.get(charset, charset)
    body = f"<meta charset={charset}><p>AI学習禁止".encode(codec)
    assert "AI学習禁止" in html.parse(body).text
    assert "AI学習禁止" in html.parse("<p>AI学習禁止".encode(codec), f"text/html; charset={charset}").text


@pytest.mark.parametrize("charset", ["zlib", "unicode_escape", "punycode", "utf-7", "x", "utf-16"])
def test_an_encoding_that_is_none_is_not_used(charset):
    assert "b" in html.parse(f"<meta charset={charset}><p>b".encode()).text


def test_addresses_are_resolved_by_the_base_of_the_page():
    page = html.parse(b"<base target=x><base href=/terms/><a href=l>")
    assert page.address("https://a.example/p", " l ") == "https://a.example/terms/l"
    assert page.address("https://a.example/p", "https://[") == ""


@given(st.binary() | st.text().map(str.encode))
def test_no_input_raises(body):
    page = html.parse(body)
    assert all(element.source and element.where for element in page.elements)
    assert isinstance(page.text, str)


PIECES = [
    "<div>",
    "</div>",
    "<a x=1>",
    "<a x='",
    '="',
    "<!--",
    "-->",
    "<script>",
    "</script",
    "&amp",
    "<",
    " ",
    "/",
    "=",
    "<p itemscope>",
    "\n",
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length_and_not_with_its_square(piece):
    body = (piece * (1 << 20))[: 1 << 20].encode()
    started = time.process_time()
    assert len(html.parse(body).elements) <= len(body)
    assert time.process_time() - started < 20


def test_what_lies_beyond_a_mebibyte_is_not_read_and_it_says_so():
    page = html.parse(b"<p>" + b" " * (1 << 20) + b"<meta name=a>")
    assert page.truncated
    assert page.every("meta") == []
