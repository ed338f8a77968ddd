"""Laws of the readers of small vocabularies: headers, meta elements and the extension lines of robots.txt."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sekisho.formats import structured
from sekisho.model import Ask, Axis, Observation, Source, Value
from sekisho.signals import aipref, content_signal, html_meta, training_token, x_robots_tag

USES = {Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE, Axis.TDM}
WORDS = [
    "noai",
    "NoAI",
    "noml",
    "train-ai",
    "ai-train",
    "ai-input",
    "use",
    "reference",
    "y",
    "n",
    "yes",
    "no",
    "otherbot:",
    "unavailable_after:",
]
NOISE = st.one_of(st.text(max_size=60), st.lists(st.sampled_from([*WORDS, *':,;=()"* ']), max_size=12).map("".join))
HEADER_READERS = [(aipref, "Content-Usage"), (content_signal, "Content-Signal"), (x_robots_tag, "X-Robots-Tag")]
ASK = Ask("https://a.example/x")


def said(reader, *lines):
    return list(reader.read(Observation("https://a.example/x", Source.PAGE, headers=lines), ASK))


def of_robots(reader, text, ask=ASK):
    return list(reader.read(Observation("https://a.example/robots.txt", Source.ROBOTS, text.encode("utf-8", "surrogatepass")), ask))


def denied(signals):
    return {(signal.axis, signal.addressee) for signal in signals if signal.value is Value.DENY}


@pytest.mark.parametrize(("reader", "name"), HEADER_READERS)
def test_no_header_value_raises(reader, name):
    @given(NOISE)
    @example("\ud800")
    @example("a=@99999999999999")
    def holds(value):
        assert isinstance(said(reader, (name, value)), list)

    holds()


@given(NOISE)
def test_x_robots_tag_allows_no_use_of_ai(value):
    assert not [s for s in said(x_robots_tag, ("X-Robots-Tag", value)) if s.value is Value.ALLOW and s.axis in USES]


@given(NOISE)
def test_a_use_is_allowed_only_by_the_very_token(value):
    members = structured.dictionary(value.encode("utf-8", "replace")) or {}
    granted = {"train-ai": Axis.TRAIN, "ai-use": Axis.AI_USE, "search": Axis.SEARCH}
    expected = {granted[label] for label, member in members.items() if label in granted and member.token == "y"}
    assert {s.axis for s in said(aipref, ("Content-Usage", value)) if s.value is Value.ALLOW} == expected


@given(NOISE)
def test_a_content_signal_allows_only_by_the_very_pair(value):
    pairs = {"".join(item.split()).lower() for item in value.split(",")}
    for signal in said(content_signal, ("Content-Signal", value)):
        if signal.value is Value.ALLOW:
            assert pairs & {"search=yes", "ai-input=yes", "ai-train=yes", "use=immediate"}


@given(NOISE)
def test_a_line_of_its_own_that_says_no_is_always_heard(value):
    assert (Axis.TRAIN, "*") in denied(said(x_robots_tag, ("X-Robots-Tag", value), ("X-Robots-Tag", "noai")))
    assert (Axis.TRAIN, "*") in denied(said(content_signal, ("Content-Signal", value), ("Content-Signal", "ai-train=no")))


@given(NOISE)
def test_nobody_is_allowed_to_train_where_a_dictionary_ends_with_no(value):
    signals = said(aipref, ("Content-Usage", value), ("Content-Usage", "train-ai=n"))
    train = [signal.value for signal in signals if signal.axis is Axis.TRAIN]
    assert train
    assert Value.ALLOW not in train


@given(st.permutations(["X-Robots-Tag: noai", "x-robots-tag: otherbot: noindex", "X-ROBOTS-TAG: max-snippet:0, noml"]))
def test_the_order_of_lines_does_not_matter(lines):
    headers = [tuple(line.split(": ", 1)) for line in lines]
    assert denied(said(x_robots_tag, *headers)) == {
        (Axis.TRAIN, "*"),
        (Axis.TRAIN_NONGEN, "*"),
        (Axis.SEARCH, "otherbot"),
        (Axis.AI_USE, "Google"),
    }


@given(
    st.lists(st.sampled_from(["User-agent: *", "User-agent: GPTBot", "Content-Usage: ", "Content-Signal: ", "Disallow: /"]), max_size=6),
    NOISE,
)
def test_no_robots_line_raises(lines, noise):
    text = "\n".join(line + noise if line.endswith(": ") else line for line in lines)
    for reader in (aipref, content_signal, training_token):
        for ask in (ASK, Ask(), Ask("https://a.example/x", ("GPTBot",), policy_tokens=(("GPTBot", Axis.TRAIN),))):
            assert isinstance(of_robots(reader, text, ask), list)


@given(st.binary(max_size=200))
@example(b"<meta name=robots content=noai")
@example(b"\xff\xfe<\0m\0")
def test_no_page_raises_and_none_allows_a_use_of_ai(body):
    signals = list(html_meta.read(Observation("https://a.example/x", Source.PAGE, body), ASK))
    assert all(signal.value is not Value.ALLOW for signal in signals if signal.axis in USES)


@given(
    st.binary(max_size=60).filter(lambda noise: b"<" not in noise and b"\0" not in noise and noise[:2] not in {b"\xff\xfe", b"\xfe\xff"})
)
def test_what_surrounds_a_meta_element_does_not_hide_it(noise):
    body = noise + b"<meta name=robots content=noai>" + noise
    assert (Axis.TRAIN, "*") in denied(html_meta.read(Observation("https://a.example/x", Source.PAGE, body), ASK))


HOSTILE_VALUES = [
    "a" * 70_000,
    "," * 70_000,
    " " * 70_000,
    "=" * 70_000,
    "no" * 35_000,
    "a=(" * 20_000,
    "otherbot:" * 8_000,
    "train-ai=n," * 7_000,
]


@pytest.mark.parametrize(("reader", "name"), HEADER_READERS)
@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=lambda value: value[:9])
def test_no_header_value_takes_long(reader, name, value):
    started = time.process_time()
    assert len(said(reader, (name, value))) < 20_000
    assert time.process_time() - started < 2


HOSTILE_FILES = {
    "agents times lines": "".join(f"User-agent: a{n}\n" for n in range(10_000))
    + "Content-Signal: ai-train=no\nContent-Usage: /x train-ai=n\n" * 5_000,
    "one agent, many lines": "User-agent: *\n" + "Content-Signal: ai-train=no\n" * 18_000,
    "many groups": "User-agent: GPTBot\nContent-Usage: /*a*b train-ai=n\n" * 10_000,
    "lines of nobody": "Content-Usage: train-ai=n\n" * 19_000,
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
@pytest.mark.parametrize("reader", [aipref, content_signal])
def test_no_robots_file_takes_long(reader, name):
    started = time.process_time()
    for ask in (ASK, Ask()):
        of_robots(reader, HOSTILE_FILES[name], ask)
    assert time.process_time() - started < 10
