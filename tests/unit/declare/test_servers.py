"""The header snippets in the servers they are for: each one runs on the loopback, and what it sends is read as the terms."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from sekisho.declare.desk import site_files
from sekisho.declare.headers import lines
from sekisho.declare.terms import Answer, Terms
from sekisho.model import Axis

NGINX = """daemon off; pid {folder}/pid; error_log stderr; events {{}}
http {{ access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
server {{ listen 127.0.0.1:{port}; root {folder}/www;
{snippet}
}} }}"""
APACHE = """ServerRoot {folder}
PidFile {folder}/pid
ServerName localhost
Listen 127.0.0.1:{port}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
ErrorLog {folder}/log
DocumentRoot {folder}/www
{snippet}
"""
CADDY = """{{
	admin off
	auto_https off
}}
http://127.0.0.1:{port} {{
root * {folder}/www
file_server
{snippet}
}}
"""
SERVERS = {
    "nginx.conf": ("nginx", NGINX, ["-c"]),
    "apache.conf": ("apache2", APACHE, ["-DFOREGROUND", "-f"]),
    "Caddyfile": ("caddy", CADDY, ["run", "--adapter", "caddyfile", "--config"]),
}


def terms(paths):
    uses = {Axis.TRAIN: "no", Axis.TRAIN_NONGEN: "no", Axis.AI_USE: "no", Axis.TDM: "ask", Axis.SEARCH: "yes"}
    said = {axis: Answer(word) for axis, word in uses.items()}
    return Terms("Aoi's & Söhne", "a@b.example", "https://aoi.example/l", "https://aoi.example", paths, said)


def fetched(url):
    """The headers of an answer, waiting for the server to be there."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return response.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.headers
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")


@pytest.mark.parametrize("paths", [("/",), ("/art/", "/comics/")])
@pytest.mark.parametrize("name", SERVERS)
def test_the_server_takes_the_snippet_and_says_the_terms_where_they_hold(tmp_path, name, paths):
    program, frame, arguments = SERVERS[name]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    said = terms(paths)
    snippet = next(file.content for file in site_files(said) if file.path == f"headers/{name}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for place in ("art", "comics", "other"):
        (tmp_path / "www" / place).mkdir(parents=True)
        (tmp_path / "www" / place / "a.txt").write_text("hello")
    tmp_path.chmod(0o755)
    config = tmp_path / "config"
    config.write_text(frame.format(folder=tmp_path, port=port, snippet=snippet), encoding="utf-8")
    process = subprocess.Popen([program, *arguments, str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        got = {place: fetched(f"http://127.0.0.1:{port}/{place}/a.txt") for place in ("art", "other")}
    finally:
        process.terminate()
        process.wait(10)
    assert [(key, got["art"][key]) for key, _ in lines(said)] == lines(said)
    assert (got["other"]["tdm-reservation"] is not None) is (paths == ("/",))
