"""A snippet for the head of pages: for those who can edit pages, but not the server."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sekisho.declare import rsl, tdmrep
from sekisho.declare.headers import no_ai
from sekisho.declare.part import About, File
from sekisho.declare.terms import Terms
from sekisho.model import Observation, Source, Text

ABOUT = About(
    Text("HTML snippet", "HTML に入れる数行"),
    Text("Says the terms in each page that contains it.", "これを含むページごとに条件を示します。"),
    Text(
        "Paste it between <head> and </head> of every page, or into the template of your site.",
        "各ページの <head> と </head> の間、またはサイトのテンプレートに貼り付けてください。",
    ),
    Text(
        "It speaks for the page; of pictures shown on it only noimageai says anything.",
        "ページについての表示です。掲載画像については noimageai だけが述べています。",
    ),
)


def files(terms: Terms) -> Iterator[File]:
    """The snippet, if there is anything to say."""
    reservation = tdmrep.reserved(terms)
    metas = {
        "tdm-reservation": "" if reservation is None else str(reservation),
        "tdm-policy": tdmrep.policy_url(terms),
        "robots": no_ai(terms),
    }
    tags = [f'<meta name="{name}" content="{escape(content)}">' for name, content in metas.items() if content]
    if rsl.can_say(terms):
        tags.append(f'<link rel="license" type="application/rsl+xml" href="{escape(rsl.where(terms))}">')
    if tags:
        content = "\n".join(tags) + "\n"
        page = f"<!doctype html><html><head><title>t</title>\n{content}</head><body></body></html>".encode()
        seen = Observation(terms.site + terms.paths[0], Source.PAGE, page, (("Content-Type", "text/html; charset=utf-8"),), 200)
        yield File("html/head.html", content, (seen,))
