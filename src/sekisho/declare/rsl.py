"""RSL 1.0: the terms as one XML document, one licence for each answer that permits something, every prohibition in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sekisho.declare.part import About, File
from sekisho.declare.terms import TRAINING, Answer, Terms
from sekisho.model import Axis, Observation, Source, Text

ABOUT = About(
    Text("RSL terms (license.xml)", "RSL の条件（license.xml）"),
    Text(
        "States for search, AI answers and training what is permitted, prohibited or licensed, with price and contact.",
        "検索・AIの回答・学習のそれぞれについて、許可・禁止・許諾の条件（価格と連絡先）を示します。",
    ),
    Text(
        "Upload license.xml to the root of your site. robots.txt, headers and pages written here point to it.",
        "license.xml をサイト直下に置いてください。ここで作る robots.txt・ヘッダー・ページから参照されます。",
    ),
    Text(
        "It cannot tell generative training from other training. It takes no payment and makes no contract by itself.",
        "生成AIの学習とそれ以外の学習を分けられません。支払いの受け取りや契約の成立は行いません。",
    ),
)
SPACE = "https://rslstandard.org/rsl"
UNITS = {
    "ai-train": TRAINING,
    "ai-input ai-index": (Axis.AI_USE,),
    "search": (Axis.SEARCH,),
}


def where(terms: Terms) -> str:
    """The address of the document."""
    return f"{terms.site}/license.xml"


def _answers(terms: Terms) -> dict[str, Answer] | None:
    """The answer to each word of RSL; None when a word would say more than was said."""
    found: dict[str, Answer] = {}
    for words, axes in UNITS.items():
        said = {terms.uses.get(axis) for axis in axes}
        answer = said.pop()
        if said:
            return None
        if answer:
            found[words] = answer
    permitted = any(answer is not Answer.NO for answer in found.values())
    return found if found and (len(found) == len(UNITS) or not permitted) else None


def can_say(terms: Terms) -> bool:
    """Whether RSL can say ``terms``: a permission denies whatever it leaves out, so all has to be spoken of (section 3.5)."""
    return _answers(terms) is not None


def files(terms: Terms) -> Iterator[File]:
    """The document, if it can say the terms."""
    answers = _answers(terms)
    if answers is not None:
        content = document(terms, answers)
        yield File("site/license.xml", content, (Observation(where(terms), Source.RSL, content.encode(), status=200),))


def document(terms: Terms, answers: dict[str, Answer]) -> str:
    """The document as text; one ``content`` for each path."""
    root = Element("rsl", {"xmlns": SPACE})
    prohibited = " ".join(words for words, answer in answers.items() if answer is Answer.NO)
    permitted = {answer: " ".join(w for w, a in answers.items() if a is answer) for answer in answers.values() if answer is not Answer.NO}
    for path in terms.paths:
        content = SubElement(root, "content", {"url": path})
        for answer, words in permitted.items() or [(Answer.NO, "")]:
            _licence(content, answer, words, prohibited, terms)
        holder = {"contactEmail": terms.mail, "contactUrl": terms.page}
        SubElement(content, "copyright", {key: value for key, value in holder.items() if value}).text = terms.holder
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _licence(content: Element, answer: Answer, permits: str, prohibits: str, terms: Terms) -> None:
    licence = SubElement(content, "license")
    for name, words in (("permits", permits), ("prohibits", prohibits)):
        if words:
            SubElement(licence, name, {"type": "usage"}).text = words
    if answer is Answer.YES:
        SubElement(licence, "payment", {"type": "free"})
    elif answer is Answer.CREDIT:
        SubElement(licence, "payment", {"type": "attribution"})
    elif answer is not Answer.NO:
        payment = SubElement(licence, "payment", {"type": terms.price.per} if terms.price and answer is Answer.OFFER else {})
        SubElement(payment, "custom").text = terms.contact
        if terms.price and answer is Answer.OFFER:
            SubElement(payment, "amount", {"currency": terms.price.currency}).text = terms.price.amount
