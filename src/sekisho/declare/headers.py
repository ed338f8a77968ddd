"""Response headers for nginx, Apache and Caddy: AIPREF, TDMRep, X-Robots-Tag, and the link to the RSL terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sekisho.declare import rsl, tdmrep
from sekisho.declare.part import About, File
from sekisho.declare.robots import preferences
from sekisho.declare.terms import TRAINING, Terms
from sekisho.model import Observation, Source, Text

ABOUT = About(
    Text("Response headers", "レスポンスヘッダー"),
    Text(
        "Make your server say the terms with every file it sends, pictures and PDFs too.",
        "サーバーが送るすべてのファイル（画像や PDF も）に条件を添えます。",
    ),
    Text(
        "Put the lines of nginx.conf into the server block, apache.conf into the virtual host or .htaccess (mod_headers), Caddyfile into the site block. "
        "You need one of the three, then reload the server.",
        "nginx.conf は server ブロック、apache.conf は VirtualHost か .htaccess（mod_headers が必要）、Caddyfile はサイトのブロックに入れます。"
        "使っているサーバー用の一つだけを入れ、再読み込みしてください。",
    ),
    Text(
        "They travel with the answer, not with the file: whoever saves the file loses them. A location block of nginx with add_header of its own does not inherit them.",
        "応答に付くもので、ファイル自体には残りません。nginx では、独自の add_header をもつ location には引き継がれません。",
    ),
)
NO_AI = "noai, noimageai"


def lines(terms: Terms) -> list[tuple[str, str]]:
    """The headers as (name, value)."""
    reservation, policy = tdmrep.reserved(terms), tdmrep.policy_url(terms)
    found = [
        ("Content-Usage", preferences(terms)),
        ("tdm-reservation", "" if reservation is None else str(reservation)),
        ("tdm-policy", policy),
        ("X-Robots-Tag", no_ai(terms)),
        ("Link", f'<{rsl.where(terms)}>; rel="license"; type="application/rsl+xml"' if rsl.can_say(terms) else ""),
    ]
    return [(name, value) for name, value in found if value]


def no_ai(terms: Terms) -> str:
    """The words for robots that refuse training of every kind; empty when that is not meant."""
    return NO_AI if terms.refuse(*TRAINING) else ""


def files(terms: Terms) -> Iterator[File]:
    """One snippet for each server, if there is anything to say."""
    said = lines(terms)
    if said:
        seen = (Observation(terms.site + terms.paths[0], Source.HEADERS, headers=tuple(said), status=200),)
        for name, written in SERVERS.items():
            yield File(f"headers/{name}", f"# Terms of {terms.holder}\n{written(terms, said)}", seen)


def _nginx(terms: Terms, said: list[tuple[str, str]]) -> str:
    rows = [f"add_header {name} '{value}' always;" for name, value in said]
    return _blocks(terms, rows, lambda path: (f"location ^~ {path} {{", "}"))


def _apache(terms: Terms, said: list[tuple[str, str]]) -> str:
    escaped = ((name, value.replace('"', '\\"')) for name, value in said)
    rows = [f'Header always {"append" if name == "X-Robots-Tag" else "add"} {name} "{value}"' for name, value in escaped]
    return _blocks(terms, rows, lambda path: (f"<If \"%{{REQUEST_URI}} -strmatch '{path}*'\">", "</If>"))


def _caddy(terms: Terms, said: list[tuple[str, str]]) -> str:
    rows = [f"\t+{name} `{value}`" for name, value in said]
    return "".join("\n".join([f"header {path}* {{", *rows, "}\n"]) for path in terms.paths)


def _blocks(terms: Terms, rows: list[str], around: Callable[[str], tuple[str, str]]) -> str:
    """``rows`` for the whole site, or inside a block for each path."""
    if terms.everywhere:
        return "\n".join(rows) + "\n"
    blocks = [(*around(path),) for path in terms.paths]
    return "".join("\n".join([first, *(f"    {row}" for row in rows), last]) + "\n" for first, last in blocks)


SERVERS: dict[str, Callable[[Terms, list[tuple[str, str]]], str]] = {"nginx.conf": _nginx, "apache.conf": _apache, "Caddyfile": _caddy}
