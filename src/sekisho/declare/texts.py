"""ai.txt and trust.txt: two small files, each of which can say one thing about a site."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.declare.part import About, File
from sekisho.declare.terms import TRAINING, Terms
from sekisho.model import Axis, Observation, Source, Text

ABOUT = About(
    Text("ai.txt and trust.txt", "ai.txt と trust.txt"),
    Text(
        "Say in the words of Spawning and of JournalList that the site's media may, or may not, be used for training.",
        "Spawning 方式と JournalList 方式で、サイトの画像や文章を学習に使ってよいかどうかを示します。",
    ),
    Text("Upload them to the root of your site.", "サイト直下に置いてください。"),
    Text(
        "Both are proposals of private parties; few crawlers say that they read them. They cannot offer a licence.",
        "いずれも民間の提案で、読むと公表しているクローラーは少数です。許諾の条件は示せません。",
    ),
)


def files(terms: Terms) -> Iterator[File]:
    """Each of the two files, where it says what is meant and no more."""
    rule = "Disallow" if terms.refuse(*TRAINING, Axis.TDM) else "Allow" if terms.grant(Axis.TRAIN) else ""
    if rule:
        lines = [f"# Terms of {terms.holder}", "User-Agent: *", *(f"{rule}: {path}" for path in terms.paths), ""]
        yield _file(terms, "ai.txt", Source.AI_TXT, lines)
    word = "no" if terms.refuse(*TRAINING) else "yes" if terms.grant(*TRAINING) else ""
    if word and terms.everywhere:
        yield _file(terms, "trust.txt", Source.TRUST_TXT, [f"# Terms of {terms.holder}", f"datatrainingallowed={word}", ""])


def _file(terms: Terms, name: str, source: Source, lines: list[str]) -> File:
    content = "\n".join(lines)
    return File(f"site/{name}", content, (Observation(f"{terms.site}/{name}", source, content.encode(), status=200),))
