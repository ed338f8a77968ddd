"""Laws of robots.txt reading that hold for any file, agent and address."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sekisho.formats.path_pattern import compile_pattern, normalise, normalised_target
from sekisho.model import Ask, Axis, Observation, Source, Value
from sekisho.signals import robots
from sekisho.signals.agents import training_tokens

TOKENS = st.sampled_from(["GPTBot", "CCBot", "*", "Foo", "gptbot/1.0", "Kangaroo Bot", ""])
PATHS = st.text(st.sampled_from("/ab*$%24ツ?"), max_size=8).map("/".__add__)
LINES = st.one_of(
    st.builds("User-agent: {}".format, TOKENS),
    st.builds("Disallow: {}".format, st.one_of(PATHS, st.just(""), st.just("x"))),
    st.builds("Allow: {}".format, PATHS),
    st.sampled_from(["", "# c", "Sitemap: x", "Content-Signal: ai-train=no", "Crawl-delay: 1"]),
)
FILES = st.lists(LINES, max_size=12).map("\n".join)
URLS = PATHS.map("https://a.example".__add__)
USES = set(Axis) - {Axis.CRAWL}


def read(body, ask):
    return list(robots.read(Observation("https://a.example/robots.txt", Source.ROBOTS, body), ask))


def globs(pattern, path):
    """The plainest reading of a pattern there is: try every way, a set of places at a time."""
    places = {0}
    anchored = pattern.endswith(b"$")
    for octet in pattern[: -1 if anchored else None]:
        if octet == ord("*"):
            places = set(range(min(places), len(path) + 1)) if places else places
        else:
            places = {place + 1 for place in places if place < len(path) and path[place] == octet}
    return len(path) in places if anchored else bool(places)


@given(st.text("/ab*", max_size=10), st.booleans(), st.text("/ab", max_size=12))
def test_a_pattern_matches_what_the_plainest_matcher_matches(pattern, anchored, path):
    pattern = "/" + pattern + "$" * anchored
    assert compile_pattern(pattern.encode()).matches(b"/" + path.encode()) == globs(pattern.encode(), b"/" + path.encode())


@given(st.binary(max_size=40))
def test_normalising_twice_changes_nothing(raw):
    assert normalise(normalise(raw)) == normalise(raw)
    assert normalised_target(normalised_target(raw)) == normalised_target(raw)


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20)))
@example(b"\xff\xfe\x00", "https://a.example/")
@example(b"User-agent: *\nDisallow: /\xff", "\ud800")
def test_no_octets_raise_and_none_allow_a_use(body, url):
    assert all(signal.value is not Value.ALLOW for signal in read(body, Ask(url)) if signal.axis in USES)


@given(FILES, URLS)
@settings(max_examples=300)
def test_no_file_allows_a_use(text, url):
    for ask in (Ask(url), Ask(url, ("GPTBot",)), Ask()):
        assert all(signal.value is not Value.ALLOW for signal in read(text.encode(), ask) if signal.axis in USES)


@given(FILES, URLS, st.sampled_from(["GPTBot", "CCBot", "Foo"]))
@settings(max_examples=300)
def test_what_is_read_is_what_is_decided(text, url, agent):
    url = url.replace("/.", "/")
    decided = robots.parse(text.encode()).allows(agent, url)
    (crawl,) = (signal.value for signal in read(text.encode(), Ask(url, (agent,))) if signal.axis is Axis.CRAWL)
    assert crawl is (Value.ALLOW if decided else Value.DENY)


@given(FILES, URLS)
@settings(max_examples=300)
def test_asking_every_training_token_hears_every_one_of_them(text, url):
    parsed = robots.parse(text.encode())
    denied = any(not parsed.allows(token, url) for token in training_tokens())
    heard = {signal.value for signal in read(text.encode(), Ask(url)) if signal.axis is Axis.TRAIN}
    assert (Value.DENY in heard) == denied


@given(FILES, URLS, st.sampled_from(["GPTBot", "CCBot"]))
def test_one_more_refusal_of_everything_is_heard(text, url, agent):
    body = text + f"\nUser-agent: {agent}\nDisallow: {'/*' + '*' * 60}\n"
    assert not robots.parse(body.encode()).allows(agent, url)


@given(FILES, URLS)
def test_line_ends_do_not_matter(text, url):
    answers = {
        tuple(robots.parse(text.replace("\n", end).encode()).allows(a, url) for a in ("GPTBot", "x")) for end in ("\n", "\r", "\r\n")
    }
    assert len(answers) == 1


@given(FILES, URLS)
def test_evidence_quotes_lines_of_the_file(text, url):
    for signal in read(text.encode(), Ask(url)):
        assert all(line in text for line in signal.evidence.quote.split("\n"))
