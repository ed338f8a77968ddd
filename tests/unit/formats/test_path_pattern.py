import pytest

from sekisho.formats.path_pattern import as_fetched, compile_pattern, normalise, target


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "/"),
        ("https://a.example", "/"),
        ("https://a.example?q", "/?q"),
        ("https://a.example/a?b=c", "/a?b=c"),
        ("https://a.example/a/b?c=https://d.e/f", "/a/b?c=https://d.e/f"),
        ("https://a.example/a#b?c", "/a"),
        ("https://a.example/#/a", "/"),
        ("a.example/a", "/a"),
        ("//a.example/a;b", "/a;b"),
        ("/a/b", "/a/b"),
        ("https://a.example/a*b$", "/a%2Ab%24"),
        ("https://a.example/ツ x", "/%E3%83%84%20x"),
    ],
)
def test_the_target_is_path_and_query_without_fragment(url, expected):
    assert target(url) == expected.encode()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"/plain", b"/plain"),
        (b"/%7euser", b"/~user"),
        (b"/a%2fb", b"/a%2Fb"),
        (b"/\xe9", b"/%E9"),
        (b"/%", b"/%"),
        (b"/%zz%4", b"/%zz%4"),
        (b'/<>"`{|}^\\', b"/%3C%3E%22%60%7B%7C%7D%5E%5C"),
        (b"/:?#[]@!$&'()*+,;=", b"/:?#[]@!$&'()*+,;="),
    ],
)
def test_octets_get_one_spelling(raw, expected):
    assert normalise(raw) == expected
    assert normalise(expected) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/", "/x", True),
        ("/x", "/y", False),
        ("/x$", "/x", True),
        ("/x$", "/xy", False),
        ("/*", "/", True),
        ("*", "/x", True),
        ("*$", "/x", True),
        ("/a*b$", "/ab", True),
        ("/a*b$", "/a-b-b", True),
        ("/a*b$", "/a-b-c", False),
        ("/ab*ab$", "/ab", False),
        ("/*a*a*a", "/aa", False),
        ("/a$b", "/a$bc", True),
        ("/a$b", "/a", False),
        ("/a%24", "/a$", True),
        ("/$", "/?x", False),
    ],
)
def test_patterns_match_from_the_first_octet(pattern, path, matches):
    assert compile_pattern(pattern.encode()).matches(target("https://a.example" + path)) is matches


def test_an_odd_spelling_is_resolved_as_a_fetcher_does():
    assert as_fetched("https://a.example/open/../private") == "https://a.example/private"
    assert as_fetched("https:\\\\a.example\\private") == "https://a.example/private"
    assert as_fetched("https://[/../x") == "https://[/../x"
    assert as_fetched("https://a.example/plain") == "https://a.example/plain"
