"""Files with real C2PA manifests, signed with certificates made on the spot; nothing here is kept."""

from __future__ import annotations

import ctypes
import datetime as dt
import io
import json
from functools import cache
from typing import NamedTuple

import c2pa
from c2pa.c2pa import C2paSigner, _lib
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from media_files import picture

CREATED = {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}
BARE = {"builder": {"thumbnail": {"enabled": False}}, "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff", "GIF": "image/gif", "AVIF": "image/avif"}


class Signatory(NamedTuple):
    """A certificate, its chain and its key, as PEM texts."""

    chain: str
    key: str


@cache
def authority():
    """A certificate authority (certificate, key) that nobody else trusts."""
    return _certificate("Test Authority")


def _certificate(name, issuer=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sekisho Tests"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above, above_key = issuer or (None, key)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36_500))
        .add_extension(x509.BasicConstraints(ca=above is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above_key.public_key()), critical=False)
        .add_extension(_usage(is_authority=above is None), critical=True)
    )
    if above is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(above_key, hashes.SHA256()), key


def _usage(*, is_authority):
    names = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    return x509.KeyUsage(digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, **dict.fromkeys(names, False))


def anchors():
    """The authority as a PEM text, to be trusted or not."""
    return authority()[0].public_bytes(Encoding.PEM).decode()


@cache
def signatory(name):
    """Someone the authority vouches for."""
    certificate, key = _certificate(name, authority())
    chain = certificate.public_bytes(Encoding.PEM).decode() + anchors()
    return Signatory(chain, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def mining(entries, label="cawg.training-mining"):
    """A training-mining assertion."""
    return {"label": label, "data": {"entries": entries}}


def use(word, key="cawg.ai_generative_training", **more):
    """A training-mining assertion of one entry."""
    return mining({key: {"use": word, **more}}, f"{key.partition('.')[0]}.training-mining")


def signed(*assertions, form="JPEG", source=None, ingredients=(), creator=None, detached=False):
    """A picture, or ``source``, whose manifest holds ``assertions``; ``form`` is an encoder's name or a media type.

    ``ingredients`` are (relationship, signed JPEG); ``creator`` adds an identity; ``detached`` gives the manifest store alone.
    """
    listed = [{"id": f"i{number}", "relationship": relationship, "body": body} for number, (relationship, body) in enumerate(ingredients)]
    made = [
        {"action": "c2pa.opened" if one["relationship"] == "parentOf" else "c2pa.placed", "parameters": {"ingredientIds": [one["id"]]}}
        for one in listed
    ]
    actions = {
        "label": "c2pa.actions",
        "data": {"actions": made if any(one["relationship"] == "parentOf" for one in listed) else [CREATED, *made]},
    }
    manifest = {"claim_generator_info": [{"name": "tests", "version": "1"}], "assertions": [*assertions, actions]}
    builder = c2pa.Builder.from_json(json.dumps(manifest), context=c2pa.Context.from_dict(BARE))
    for one in listed:
        words = {"title": one["id"], "relationship": one["relationship"], "label": one["id"]}
        builder.add_ingredient(words, "image/jpeg", io.BytesIO(one["body"]))
    if detached:
        builder.set_no_embed()
    out = io.BytesIO()
    store = builder.sign(_signer(creator), MEDIA.get(form, form), io.BytesIO(source or picture(form)), out)
    return bytes(store) if detached else out.getvalue()


def _signer(creator):
    tool = signatory("Camera")
    if creator is None:
        return c2pa.Signer.from_info(c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, tool.chain.encode(), tool.key.encode(), None))
    person = signatory(creator)
    local = {"alg": "es256", "sign_cert": tool.chain, "private_key": tool.key}
    identity = {"alg": "es256", "sign_cert": person.chain, "private_key": person.key, "referenced_assertions": ["cawg.training-mining"]}
    return _signer_from_settings({"version": 1, "signer": {"local": local}, "cawg_x509_signer": {"local": identity}})


def _signer_from_settings(settings):
    """A signer that also signs an identity assertion: the library offers that through its settings alone."""
    _lib.c2pa_load_settings(json.dumps(settings).encode(), b"json")
    make = _lib.c2pa_signer_from_settings
    make.restype = ctypes.POINTER(C2paSigner)
    return c2pa.Signer(make())
