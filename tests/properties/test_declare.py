"""What is declared is what is read: every form of every holder's terms, through the same readers that judge strangers' sites."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media_files import DENIAL, jpeg, pdf, picture, png, webp
from PIL import Image

from sekisho import signals
from sekisho.combine import combine
from sekisho.declare import c2pa, xmp
from sekisho.declare.copies import agrees, contradicting
from sekisho.declare.desk import site_files
from sekisho.declare.media import writer
from sekisho.declare.terms import LICENSED, STRICTNESS, VALUE_OF, Answer, Price, Terms
from sekisho.model import Ask, Axis, Level, Value
from sekisho.signals.agents import training_tokens

AXES = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE, Axis.TDM, Axis.SEARCH)
PATHS = (("/",), ("/art/",), ("/art/", "/comics/free"))
LOOSENESS = (Value.DENY, Value.LICENCE, Value.UNKNOWN, Value.ALLOW)
names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30).filter(str.strip)


@st.composite
def terms(draw):
    uses = draw(st.dictionaries(st.sampled_from(AXES), st.sampled_from(Answer), min_size=1))
    mining = uses.get(Axis.TDM)
    if mining:
        within = (Axis.TRAIN, Axis.TRAIN_NONGEN)
        uses = {axis: mining if axis in within and STRICTNESS[said] < STRICTNESS[mining] else said for axis, said in uses.items()}
    price = Price("1200", "JPY", draw(st.sampled_from(("training", "use", "crawl")))) if Answer.OFFER in uses.values() else None
    page = draw(st.sampled_from(("", "https://aoi.example/licence?a=1&b='2'")))
    return Terms(draw(names), "rights@aoi.example", page, "https://aoi.example", draw(st.sampled_from(PATHS)), uses, price)


def heard(said, url):
    ask = Ask(url=url)
    return [signal for file in site_files(said) for seen in file.seen for signal in signals.read(seen, ask)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(terms())
def test_no_file_says_anything_else_than_the_terms(said):
    for path in said.paths:
        for signal in heard(said, f"{said.site}{path}x.png"):
            assert signal.axis is Axis.CRAWL or agrees(signal, said), signal


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(terms())
def test_all_files_together_come_to_the_terms_on_every_use_that_a_protocol_can_speak_of(said):
    found = heard(said, f"{said.site}{said.paths[0]}x.png")
    for axis, answer in said.uses.items():
        value = combine(found, axis, agents=training_tokens()).value
        if answer is Answer.NO:
            assert value is Value.DENY or (value is Value.UNKNOWN and axis is Axis.TRAIN_NONGEN)
        elif answer in LICENSED:
            assert value in {Value.LICENCE, Value.DENY, Value.UNKNOWN}
        else:
            assert value in {Value.ALLOW, Value.UNKNOWN}


@settings(max_examples=100, deadline=None)
@given(terms())
def test_paths_that_were_not_named_are_not_spoken_of(said):
    if "/" in said.paths:
        return
    found = [signal for signal in heard(said, f"{said.site}/elsewhere.png") if signal.level is Level.LOCATION]
    for axis in AXES:
        assert combine(found, axis, agents=training_tokens()).value is Value.UNKNOWN


def test_an_offer_for_everything_is_heard_as_a_licence_with_its_price():
    uses = dict.fromkeys(AXES, Answer.OFFER)
    said = Terms(
        "Aoi", "rights@aoi.example", "https://aoi.example/licence", "https://aoi.example", ("/",), uses, Price("1200", "JPY", "training")
    )
    for axis in (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE):
        combined = combine(heard(said, "https://aoi.example/x.png"), axis, agents=training_tokens())
        assert combined.value is Value.LICENCE
        assert any((offer.amount, offer.currency) == ("1200", "JPY") for offer in combined.offers)


FILES = {"jpeg": jpeg, "png": png, "webp": webp, "tiff": lambda xmp=None: picture("TIFF"), "pdf": pdf}


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=10, deadline=None)
@given(said=terms(), earlier=st.booleans())
def test_a_copy_says_the_terms_and_shows_the_same_picture(form, said, earlier):
    body = FILES[form](DENIAL if earlier else None)
    if not xmp.can_say(said):
        return
    made = writer(body).with_packet(body, xmp.packet(said, DENIAL if earlier and form != "tiff" else None))
    assert writer(body).is_same_picture(body, made)
    assert contradicting(made, said) is None
    if form != "pdf":
        before, after = (Image.open(io.BytesIO(one)).convert("RGBA").tobytes() for one in (body, made))
        assert before == after


@settings(max_examples=100, deadline=None)
@given(terms())
def test_the_data_mining_term_is_the_one_that_says_most_and_nothing_more(said):
    spoken = xmp._says(xmp.code(said)) if xmp.code(said) else {}
    assert all(VALUE_OF[said.uses[axis]] is value for axis, value in spoken.items())


@settings(max_examples=100, deadline=None)
@given(terms())
def test_the_assertion_has_an_entry_for_each_use_that_was_answered_without_credit(said):
    meant = {axis for axis, answer in said.uses.items() if answer is not Answer.CREDIT and axis is not Axis.SEARCH}
    assert {c2pa.ENTRIES[key] for key in c2pa.entries(said)} == meant
