import json
import zipfile

import pytest

from sekisho.demo import rows

EXTRACTOR = """
class OneIE(InfoExtractor):
    _TESTS = [
        {'url': 'https://a.example/1', 'info_dict': {'title': '題', 'uploader': 'U', 'upload_date': '20190102', 'license': 'by-sa', 'n': len}},
        {'url': 'https://a.example/2', 'info_dict': {'title': 're:^any'}},
        {'url': 'https://a.example/3', 'info_dict': {'title': 'adult', 'age_limit': 18}},
        {'url': 'prefix:4', 'info_dict': {'title': 'no address'}},
        {'url': 'https://a.example/5', 'only_matching': True},
    ]

raise SystemExit
"""
GALLERY = """
class OneExtractor(Extractor):
    test = (("https://a.example/art/1", {"count": 3}), ("https://a.example/art/2",))
"""


def package(tmp_path, files):
    with zipfile.ZipFile(tmp_path / "thing.whl", "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return tmp_path / "thing.whl"


def test_videos_are_the_tests_with_a_title_and_none_for_adults(tmp_path):
    found = list(rows.videos(package(tmp_path, {"yt_dlp/extractor/one.py": EXTRACTOR})))
    assert found == [{"url": "https://a.example/1", "title": "題", "uploader": "U", "license": "by-sa", "published": "2019-01-02"}]


@pytest.mark.parametrize(("site", "count"), [("deviantart", 2), ("another", 0)])
def test_pictures_come_from_the_sites_of_artists_alone(tmp_path, site, count):
    found = list(rows.pictures(package(tmp_path, {f"gallery_dl/extractor/{site}.py": GALLERY})))
    assert len(found) == count
    assert all(row["site"] == site for row in found)


def test_a_link_knows_the_article_that_cites_it(tmp_path):
    answer = {"query": {"pages": [{"title": "猫", "extlinks": [{"*": "//b.example/x"}], "extra": {"extlinks": 500}}]}}
    found = list(rows.links(package(tmp_path, {"tests/mock_requests.json": json.dumps(answer)})))
    assert found == [{"url": "https://b.example/x", "cited_by": "猫"}]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("`name <https://a.example/y>`_", ["https://a.example/y"]),
        ("https://a.example/Graph_(mathematics)", []),
        ("f'https://a.example/{name}'", []),
    ],
)
def test_an_address_that_a_bracket_cuts_short_is_left_out(tmp_path, text, found):
    assert [row["url"] for row in rows.references(package(tmp_path, {"thing/a.py": text}))] == found


def test_news_keeps_what_is_no_address_as_it_stands(tmp_path):
    listed = "1 https://a.example/1\n0 javascript:void(0)\n"
    found = [row["url"] for row in rows.news(package(tmp_path, {"tests/data/test_urls.txt": listed}))]
    assert found == ["https://a.example/1", "javascript:void(0)"]
