"""A C2PA manifest with the CAWG training and data mining assertion, signed with the holder's own certificate (CAWG 1.1)."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path
from typing import Any

from sekisho.declare.part import About
from sekisho.declare.terms import LICENSED, Answer, Certificate, Terms
from sekisho.errors import InputError, MissingPartError
from sekisho.model import Axis, Text

ABOUT = About(
    Text("C2PA manifest", "C2PA マニフェスト"),
    Text(
        "Signs the copies with your certificate and states the terms in the signed part (CAWG assertion), so that they cannot be changed unnoticed.",
        "あなたの証明書で複製に署名し、署名された部分に条件（CAWG の表明）を記します。気づかれずに書き換えることはできません。",
    ),
    Text("It is inside the copies in the folder media already.", "media フォルダーの複製に既に入っています。"),
    Text(
        "It is stripped as easily as other metadata. Whether your signature is trusted depends on who issued the certificate. PDF files are not signed.",
        "他のメタデータと同じく簡単に取り除けます。署名が信頼されるかは証明書の発行者によります。PDF には署名しません。",
    ),
)
LABEL = "cawg.training-mining"
PARENT = "original"
OPENED = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT]}}
ENTRIES = {
    "cawg.data_mining": Axis.TDM,
    "cawg.ai_inference": Axis.AI_USE,
    "cawg.ai_training": Axis.TRAIN_NONGEN,
    "cawg.ai_generative_training": Axis.TRAIN,
}
SIGNED = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})


def entries(terms: Terms) -> dict[str, dict[str, str]]:
    """The entries of the assertion; what needs credit cannot be said."""
    said = {key: terms.uses[axis] for key, axis in ENTRIES.items() if axis in terms.uses}
    return {key: _entry(answer, terms) for key, answer in said.items() if answer is not Answer.CREDIT}


def _entry(answer: Answer, terms: Terms) -> dict[str, str]:
    if answer in LICENSED:
        return {"use": "constrained", "constraint_info": terms.contact}
    return {"use": "allowed" if answer is Answer.YES else "notAllowed"}


OFFLINE = {"builder": {"thumbnail": {"enabled": False}}, "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class Signer:
    """Signs with one certificate, which is checked before anything is written."""

    def __init__(self, certificate: Certificate) -> None:
        try:
            self._c2pa: Any = importlib.import_module("c2pa")
            chain, key = _read(certificate.chain), _read(certificate.key)
            algorithm = self._c2pa.C2paSigningAlg[_algorithm(certificate, chain, key)]
        except ImportError as error:
            raise MissingPartError(
                "Signing needs the C2PA library: pip install 'sekisho[c2pa]'.",
                "署名には C2PA ライブラリが必要です：pip install 'sekisho[c2pa]' を実行してください。",
            ) from error
        try:
            self._signer = self._c2pa.Signer.from_info(self._c2pa.C2paSignerInfo(algorithm, chain, key, None))
        except self._c2pa.C2paError as error:
            raise _refused(certificate, str(error)) from error

    def signed(self, body: bytes, media: str, name: str, terms: Terms) -> bytes:
        """``body`` with a manifest; raises ValueError with the library's reason when it cannot be signed."""
        manifest = {
            "claim_generator_info": [{"name": "Sekisho"}],
            "title": name,
            "assertions": [
                {"label": LABEL, "data": {"entries": entries(terms)}},
                {"label": "c2pa.actions", "data": {"actions": [OPENED]}},
            ],
        }
        out = io.BytesIO()
        try:
            builder = self._c2pa.Builder.from_json(json.dumps(manifest), context=self._c2pa.Context.from_dict(OFFLINE))
            builder.add_ingredient({"title": name, "relationship": "parentOf", "label": PARENT}, media, io.BytesIO(body))
            builder.sign(self._signer, media, io.BytesIO(body), out)
        except self._c2pa.C2paError as error:
            raise ValueError(f"it cannot be signed: {error}") from error
        return out.getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", f"{path} を読めません：{error.strerror}") from error


def _refused(certificate: Certificate, why: str) -> InputError:
    return InputError(
        f"{certificate.chain} and {certificate.key} cannot sign: {why}. Give the chain as PEM, your own certificate first, and its private key.",
        f"{certificate.chain} と {certificate.key} では署名できません：{why}。自分の証明書を先頭にした PEM の証明書チェーンと、対応する秘密鍵を指定してください。",
    )


def _algorithm(certificate: Certificate, chain: bytes, key: bytes) -> str:
    """The signature algorithm that the key asks for (C2PA 2.2 section 13.2.1); raises InputError unless it is the key of the first certificate."""
    from cryptography import x509  # noqa: PLC0415 - comes with the extra
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key  # noqa: PLC0415

    try:
        own = x509.load_pem_x509_certificates(chain)[0].public_key()
        private = load_pem_private_key(key, None)
    except (ValueError, TypeError, IndexError) as error:
        raise _refused(certificate, "one of them is no PEM file, or is locked with a password") from error
    public = private.public_key()
    if public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != own.public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    ):
        raise _refused(certificate, "the key belongs to another certificate")
    if isinstance(public, ec.EllipticCurvePublicKey):
        return CURVES.get(public.curve.name, "ES256")
    if isinstance(public, rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        return "PS256" if isinstance(public, rsa.RSAPublicKey) else "ED25519"
    raise _refused(certificate, "keys of this kind cannot sign C2PA manifests")
