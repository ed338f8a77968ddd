"""The XMP packet of a media file: IPTC/PLUS Data Mining, the TDMRep properties, and where to ask; what the file says besides stays in it."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from sekisho.declare import tdmrep
from sekisho.declare.part import About
from sekisho.declare.terms import VALUE_OF, Answer, Terms
from sekisho.formats import xml
from sekisho.model import Axis, Text, Value
from sekisho.signals import iptc

ABOUT = About(
    Text("XMP in copies of your files", "ファイルの複製に書き込む XMP"),
    Text(
        "Writes the terms into copies of JPEG, PNG, WebP, TIFF and PDF files, so that they travel with the file. Not one pixel changes: that is checked after writing.",
        "JPEG・PNG・WebP・TIFF・PDF の複製に条件を書き込み、ファイルと一緒に運ばれるようにします。画素は一つも変わらず、書き込み後に検査します。",
    ),
    Text(
        "Publish the copies in the folder media instead of the originals.",
        "元のファイルの代わりに、media フォルダーの複製を公開してください。",
    ),
    Text(
        "Many sites and apps strip metadata on upload, and anyone can remove it.",
        "多くのサイトやアプリは投稿時にメタデータを削除します。また誰でも取り除けます。",
    ),
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = {
    "x": "adobe:ns:meta/",
    "rdf": RDF,
    "plus": iptc.PLUS[1:-1],
    "xmpRights": iptc.RIGHTS[1:-1],
    "tdm": "http://www.w3.org/ns/tdmrep/",
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CONSTRAINTS, DATA_MINING = iptc.PLUS + "OtherConstraints", iptc.PLUS + "DataMining"
STATEMENT = iptc.RIGHTS + "WebStatement"
TDM = "{http://www.w3.org/ns/tdmrep/}"
OURS = (DATA_MINING, CONSTRAINTS, STATEMENT, TDM + "reservation", TDM + "policy", "{http://www.w3.org/ns/tdmrep#}reservation")
for _prefix, _space in SPACES.items():
    register_namespace(_prefix, _space)


def code(terms: Terms) -> str:
    """The Data Mining term that says most of ``terms`` and nothing else; empty when there is none."""
    speaking = {name: said for name in (*iptc.DENIED, *iptc.ALLOWED) if (said := _says(name)) and _is_meant(said, terms)}
    return max(speaking, key=lambda name: (len(speaking[name]), name), default="")


def _says(name: str) -> dict[Axis, Value]:
    """What a term says of each axis; of those that need more beside them only the one whose words we write, as a licence."""
    if "-SEE" in name:
        return dict.fromkeys(iptc.MINING, Value.LICENCE) if name == iptc.CONSTRAINT else {}
    return dict.fromkeys(iptc.DENIED.get(name, ()), Value.DENY) | dict.fromkeys(iptc.ALLOWED.get(name, ()), Value.ALLOW)


def _is_meant(said: dict[Axis, Value], terms: Terms) -> bool:
    return all(
        axis in terms.uses and VALUE_OF[terms.uses[axis]] is value and terms.uses[axis] is not Answer.CREDIT for axis, value in said.items()
    )


def properties(terms: Terms) -> dict[str, str]:
    """Each property by its full name."""
    term, reservation = code(terms), tdmrep.reserved(terms)
    found = {
        DATA_MINING: term and iptc.VOCABULARY + term,
        CONSTRAINTS: f"A licence can be had from {terms.holder}: {terms.contact}" if term == iptc.CONSTRAINT else "",
        STATEMENT: terms.page,
        TDM + "reservation": "" if reservation is None else str(reservation),
        TDM + "policy": tdmrep.policy_url(terms),
    }
    return {name: value for name, value in found.items() if value}


def can_say(terms: Terms) -> bool:
    """Whether a file can say anything of ``terms``."""
    return bool(code(terms)) or tdmrep.reserved(terms) is not None


def packet(terms: Terms, earlier: bytes | None = None) -> bytes | None:
    """The packet that says ``terms`` and keeps what ``earlier`` says of other things; None when ``earlier`` cannot be read."""
    root = xml.parse(earlier).root if earlier else Element("{adobe:ns:meta/}xmpmeta")
    if root is None:
        return None
    meta = root if root.tag == "{adobe:ns:meta/}xmpmeta" else Element("{adobe:ns:meta/}xmpmeta")
    if meta is not root:
        meta.append(root)
    rdf = next(root.iter(f"{{{RDF}}}RDF"), None)
    if rdf is None:
        rdf = SubElement(meta, f"{{{RDF}}}RDF")
    for description in rdf:
        _clear(description)
    rdf.append(_description(terms))
    body: bytes = tostring(meta, encoding="utf-8")
    return b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' + body + b'\n<?xpacket end="w"?>'


def _clear(description: Element) -> None:
    """Take out what the file said before of the things we speak of."""
    for name in OURS:
        description.attrib.pop(name, None)
        for child in description.findall(name):
            description.remove(child)


def _description(terms: Terms) -> Element:
    description = Element(f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    for name, value in properties(terms).items():
        element = SubElement(description, name)
        if name == CONSTRAINTS:
            item = SubElement(SubElement(element, f"{{{RDF}}}Alt"), f"{{{RDF}}}li", {LANGUAGE: "x-default"})
            item.text = value
        else:
            element.text = value
    return description
