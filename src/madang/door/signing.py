"""The organiser's signature under what phones carry: ECDSA on P-256 with SHA-256 (FIPS 186-5), which browsers verify."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from madang.markets.models import Edition

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has: private keys are 1 to ORDER - 1."""


def signing_key(edition: Edition) -> ec.EllipticCurvePrivateKey:
    """The edition's own key, made of the site's secret (HKDF, RFC 5869): the same on every server, stored nowhere."""
    stretched = HKDF(hashes.SHA256(), 48, None, f"madang door {edition.pk}".encode()).derive(settings.SECRET_KEY.encode())
    return ec.derive_private_key(int.from_bytes(stretched, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def public_key(edition: Edition) -> str:
    """What a phone verifies with: the key as SubjectPublicKeyInfo, in base64."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(signing_key(edition).public_key().public_bytes(serialization.Encoding.DER, spki)).decode()


def sign(edition: Edition, text: str) -> str:
    """The signature of a text (UTF-8): r and s as 32 bytes each, as WebCrypto expects them, in base64."""
    r, s = decode_dss_signature(signing_key(edition).sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
