import pytest

from sekisho import selftest
from sekisho.errors import InputError
from sekisho.model import Axis, Evidence, Level, Signal, Source, Value

DENIAL = Signal("demo", "1", Level.RESPONSE, "", Axis.TRAIN, Value.DENY, Evidence("line 1", "no"), warnings=("b", "a"))


class DemoReader:
    """A reader that says no, whatever it reads."""

    class SPEC:
        sources = (Source.PAGE,)

    @staticmethod
    def read(observation, ask):
        return [DENIAL]


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(selftest, "readers", lambda: {"demo": DemoReader})
    path = tmp_path / "demo.toml"
    return lambda text: [path.write_text("[[vector]]\nname = 'v'\n" + text, encoding="utf-8"), path][1]


def found(path):
    return [line for _, lines in selftest.failures([path]) for line in lines]


def test_a_vector_that_names_every_statement_passes(file):
    assert found(file("expect = [{axis = 'train', value = 'deny', warnings = ['a', 'b'], where = 'line 1'}]")) == []


def test_a_statement_too_many_and_one_too_few_are_both_told(file):
    assert [line.split(":")[0] for line in found(file("expect = [{axis = 'tdm', value = 'deny'}]"))] == ["missing", "unexpected"]


def test_a_warning_that_the_vector_does_not_name_is_a_difference(file):
    assert found(file("expect = [{axis = 'train', value = 'deny'}]"))


@pytest.mark.parametrize(
    "text", ["expext = []", "expect = [{axes = 'train'}]", "body = 'a'\nbody_base64 = 'YQ=='\nexpect = []", "expect ="]
)
def test_a_misspelt_vector_is_refused(file, text):
    with pytest.raises(InputError, match=r"demo\.toml"):
        found(file(text))


def test_a_vector_for_an_extra_that_is_not_installed_is_left_out(file):
    assert found(file("extra = 'no_such_library'\nexpect = [{axis = 'tdm', value = 'deny'}]")) == []
    assert found(file("extra = 'pytest'\nexpect = [{axis = 'tdm', value = 'deny'}]"))


def test_a_file_named_after_no_part_is_refused(tmp_path):
    with pytest.raises(InputError, match="no signal reader"):
        list(selftest.vectors(tmp_path / "nobody.toml"))


def test_a_large_body_is_written_in_one_line(file):
    (vector,) = selftest.vectors(file("body_repeat = [['a', 1], ['b', 3]]\nexpect = []"))
    assert vector.observation.body == b"abbb"
