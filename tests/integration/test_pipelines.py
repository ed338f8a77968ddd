"""Sekisho inside datatrove, Hugging Face datasets and img2dataset: with the real libraries."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import ROWS, all_rows, clear

from sekisho.errors import InputError, UsageError
from sekisho.pipelines import img2dataset

URLS = [url for url, _ in ROWS]
VERDICTS = [verdict for _, verdict in ROWS]
ALLOWED = [url for url, verdict in ROWS if verdict == "allow"]


def lines(folder):
    found = [json.loads(line) for path in sorted(folder.rglob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return sorted(found, key=lambda line: line["id"])


def test_a_datatrove_pipeline_keeps_what_is_allowed_and_writes_the_rest_with_the_reason(tmp_path, world):
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor  # noqa: PLC0415
    from datatrove.pipeline.readers import JsonlReader  # noqa: PLC0415
    from datatrove.pipeline.writers import JsonlWriter  # noqa: PLC0415

    from sekisho.pipelines.datatrove import SekishoFilter  # noqa: PLC0415

    (tmp_path / "in").mkdir()
    documents = [{"text": f"text {number}", "id": f"{number:02d}", "url": url} for number, url in enumerate(URLS)]
    documents.append({"text": "of nowhere", "id": "99"})
    (tmp_path / "in" / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in documents))
    LocalPipelineExecutor(
        [
            JsonlReader(str(tmp_path / "in")),
            SekishoFilter(JsonlWriter(str(tmp_path / "left_out"), compression=None), batch_size=4, observed=world, on="2026-11-22"),
            JsonlWriter(str(tmp_path / "kept"), compression=None),
        ],
        logging_dir=str(tmp_path / "logs"),
    ).run()
    kept, left_out = lines(tmp_path / "kept"), lines(tmp_path / "left_out")
    assert [each["metadata"]["url"] for each in kept] == ALLOWED
    assert all("read-the-file" in each["metadata"]["sekisho_conditions"] for each in kept)
    assert len(kept) + len(left_out) == len(documents)
    refused = next(each["metadata"] for each in left_out if each["metadata"].get("url") == "https://no.example/e.png")
    assert (refused["sekisho_verdict"], refused["sekisho_EU"], refused["filter_reason"]) == ("deny", "deny", "sekisho_deny")
    assert refused["sekisho_reason"]
    assert left_out[-1]["metadata"]["sekisho_reason"] == "not a URL"


def test_map_adds_the_verdict_columns_and_filter_keeps_what_is_allowed(tmp_path, world):
    datasets = pytest.importorskip("datasets")
    from sekisho.pipelines.datasets import allowed, verdicts  # noqa: PLC0415

    dataset = datasets.Dataset.from_dict({"n": list(range(len(URLS))), "image_url": URLS})
    choices = {"observed": str(world), "on": "2026-11-22", "jurisdictions": ["JP", "EU"]}
    marked = dataset.map(verdicts(**choices), batched=True, batch_size=3)
    assert marked["sekisho_verdict"] == VERDICTS
    assert marked.column_names[:2] == ["n", "image_url"]
    assert {"sekisho_JP", "sekisho_EU", "sekisho_reason", "sekisho_conditions", "sekisho_case"} <= set(marked.column_names)
    assert marked.map(verdicts(**choices), batched=True).column_names == marked.column_names
    assert dataset.filter(allowed(**choices), batched=True)["image_url"] == ALLOWED


def test_map_works_on_arrow_tables_on_streams_and_in_two_processes(tmp_path, world):
    datasets = pytest.importorskip("datasets")
    from sekisho.pipelines.datasets import allowed, verdicts  # noqa: PLC0415

    marked, dataset = verdicts(observed=str(world), on="2026-11-22"), datasets.Dataset.from_dict({"url": URLS})
    as_tables = dataset.with_format("arrow").map(marked, batched=True).with_format(None)
    assert as_tables["sekisho_verdict"] == VERDICTS
    stream = dataset.to_iterable_dataset().map(marked, batched=True, batch_size=4)
    assert [row["sekisho_verdict"] for row in stream] == VERDICTS
    assert [row["url"] for row in dataset.to_iterable_dataset().filter(allowed(observed=str(world)), batched=True)] == ALLOWED


def test_a_map_that_was_made_before_is_taken_from_the_cache_and_another_question_is_not(tmp_path, world):
    datasets = pytest.importorskip("datasets")
    from sekisho.pipelines.datasets import verdicts  # noqa: PLC0415

    dataset = datasets.Dataset.from_dict({"url": URLS})
    fingerprints = [
        dataset.map(verdicts(observed=str(world), on=on), batched=True)._fingerprint for on in ("2026-11-22", "2026-11-22", "2026-11-21")
    ]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_a_hugging_face_folder_is_read_as_the_library_wrote_it(tmp_path, world):
    datasets = pytest.importorskip("datasets")
    dataset = datasets.Dataset.from_dict({"image_url": URLS, "label": ["x"] * len(URLS)})
    datasets.DatasetDict({"train": dataset, "test": dataset.select([0, 4])}).save_to_disk(tmp_path / "hub", max_shard_size="1KB")
    program = "import sekisho, sys; print(sekisho.clear(sys.argv[1], sys.argv[2], observed=sys.argv[3], workers=1).rows)"
    words = [tmp_path / "hub", tmp_path / "out", world]
    done = subprocess.run([sys.executable, "-c", program, *map(str, words)], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(URLS) + 2
    found = [row for row in all_rows(tmp_path / "out") if row["image_url"] == "https://no.example/e.png"]
    assert [row["sekisho_verdict"] for row in found] == ["deny", "deny"]


def test_what_img2dataset_would_fetch_is_what_is_allowed_in_the_shape_it_reads(tmp_path, rows, world):
    asked = img2dataset.kept(rows, tmp_path / "out", observed=world, on="2026-11-22")
    assert (asked["input_format"], asked["url_col"]) == ("parquet", "URL")
    files = sorted((tmp_path / "out" / "kept").glob(f"*.{asked['input_format']}"))
    assert str(files[0].parent) == asked["url_list"]
    columns = [asked["url_col"], *asked["save_additional_columns"]]
    assert pq.read_table(files, columns=columns).column("URL").to_pylist() == ALLOWED


def test_img2dataset_is_not_started_on_nothing_or_on_columns_that_differ(tmp_path, world):
    data = tmp_path / "data"
    data.mkdir()
    pq.write_table(pa.table({"url": ["https://no.example/1"]}), data / "1.parquet")
    with pytest.raises(InputError, match="Nothing"):
        img2dataset.kept(data, tmp_path / "nothing", observed=world)
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), data / "2.parquet")
    pq.write_table(pa.table({"image_url": ["http://open.example/2"]}), data / "3.parquet")
    with pytest.raises(InputError, match="image_url, url"):
        img2dataset.kept(data, tmp_path / "differ", observed=world)


@pytest.fixture
def site(tmp_path):
    """A server on this machine with two pictures; gives back its address."""
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "site").mkdir()
    for name in ("a", "b"):
        image.new("RGB", (64, 64), (name == "a" and "red") or "blue").save(tmp_path / "site" / f"{name}.jpg")
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path / "site")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_img2dataset_fetches_what_is_allowed_and_its_output_is_a_data_set(tmp_path, site):
    program = shutil.which("img2dataset")
    if program is None:
        pytest.skip("img2dataset is not installed as a program: pip install img2dataset, in an environment of its own")
    pq.write_table(pa.table({"url": [f"{site}/a.jpg", f"{site}/b.jpg"], "caption": ["赤", "blue"]}), tmp_path / "rows.parquet")
    robots = {"url": [f"{site}/robots.txt"], "status": [200], "body": [b"User-agent: GPTBot\nDisallow: /b\n"]}
    pq.write_table(pa.table(robots), tmp_path / "world.parquet")
    asked = img2dataset.kept(tmp_path / "rows.parquet", tmp_path / "out", observed=tmp_path / "world.parquet", jurisdictions="JP")
    words = [f"--{name}={json.dumps(value) if isinstance(value, list) else value}" for name, value in asked.items()]
    shape = ["--output_format=webdataset", f"--output_folder={tmp_path / 'images'}", "--caption_col=caption", "--thread_count=2"]
    subprocess.run([program, *words, *shape], check=True, capture_output=True, timeout=300)
    clear(tmp_path / "images", tmp_path / "again", "--observed", tmp_path / "world.parquet", "--jurisdiction", "JP")
    (row,) = all_rows(tmp_path / "again")
    assert (row["url"], row["media"], row["caption"], row["sekisho_verdict"]) == (f"{site}/a.jpg", "image/jpeg", "赤", "allow")


def test_a_step_whose_library_is_missing_says_how_to_get_it():
    program = "import sys; sys.modules['datatrove'] = None; import sekisho.pipelines.datatrove"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "pip install sekisho[datatrove]" in done.stderr


def test_a_step_refuses_an_unknown_choice_at_once():
    pytest.importorskip("datatrove")
    from sekisho.pipelines.datasets import verdicts  # noqa: PLC0415
    from sekisho.pipelines.datatrove import SekishoFilter  # noqa: PLC0415

    for step in (verdicts, SekishoFilter):
        with pytest.raises(UsageError, match="polcy"):
            step(polcy="law")
