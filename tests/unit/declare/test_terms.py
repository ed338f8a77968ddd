"""Terms files are read strictly: a typo in a refusal must not become silence, and two answers must not contradict each other."""

from pathlib import Path

import pytest
from worlds import sekisho

from sekisho.declare.terms import Answer, read
from sekisho.errors import InputError
from sekisho.model import Axis

GOOD = '[holder]\nname = "Aoi"\nmail = "aoi@example.jp"\n[site]\nurl = "https://aoi.example/"\n[terms]\nall_ai = "no"\n'


def written(tmp_path, text):
    path = tmp_path / "terms.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_four_lines_refuse_every_use_by_ai(tmp_path):
    said = read(written(tmp_path, GOOD))
    assert said.uses == dict.fromkeys((Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE, Axis.TDM), Answer.NO)
    assert said.site == "https://aoi.example"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("all_ai", "all-ai"), "knows no `all-ai`"),
        (('"no"', '"nope"'), "say yes, credit, offer, ask, no"),
        (('"no"', "false"), "say yes, credit, offer, ask, no"),
        (("[terms]", "[term]"), "no section [term]"),
        (("mail", "phone"), "knows no `phone`"),
        (('mail = "aoi@example.jp"\n', ""), "a name, and a mail address or a page"),
        (("aoi@example.jp", "aoi"), "a mail address"),
        (("https://aoi.example/", "aoi.example"), "the address of the site"),
        (("https://aoi.example/", "https://aoi.example/blog"), "the address of the site"),
        (('[terms]\nall_ai = "no"\n', "[terms]\n"), "at least one answer"),
        (("[terms]\n", '[price]\namount = "100"\ncurrency = "JPY"\n[terms]\n'), "no use is offered"),
        (('"no"', '"offer"'), 'amount = "1200"'),
        (('all_ai = "no"', 'tdm = "no"\ntrain = "yes"'), "contradicts"),
        (('all_ai = "no"', 'all_ai = "no"\ntrain = "ask"'), "contradicts"),
        (("[site]\n", '[site]\npaths = ["art"]\n'), "paths that begin with /"),
        (("[site]\n", '[site]\npaths = ["/a; }"]\n'), "paths that begin with /"),
        (('"Aoi"', '"Aoi\\nDisallow: /"'), "one line of text"),
        (('"Aoi"', "Aoi"), "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_to_write(tmp_path, change, said):
    with pytest.raises(InputError) as error:
        read(written(tmp_path, GOOD.replace(*change)))
    assert said in str(error.value)
    assert error.value.ja


def test_the_command_writes_and_says_where_and_does_not_write_twice(tmp_path):
    path = written(tmp_path, GOOD)
    done = sekisho("declare", path, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "site" / "robots.txt").is_file()
    assert "認めない" in (tmp_path / "out" / "README.ja.md").read_text("utf-8")
    again = sekisho("declare", path, tmp_path / "out", "--lang", "ja")
    assert again.returncode == 2
    assert "空ではありません" in again.stderr


def test_the_example_is_good():
    assert read(Path(__file__).parents[3] / "examples" / "terms.toml").price.amount == "1200"
