"""Personal data that must be kept: encrypted, found again by a digest. Public to other slices."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from .. import settings


def seal(text: str) -> bytes:
    """The text encrypted: the newest key encrypts, every key decrypts, so keys can be changed."""
    return _keys().encrypt(text.encode())


def unseal(secret: bytes) -> str:
    """The text again. Raises ``ValueError`` where no key fits."""
    try:
        return _keys().decrypt(bytes(secret)).decode()
    except InvalidToken:
        raise ValueError("no key fits") from None


def seal_text(text: str) -> str:
    """The text encrypted, as a text."""
    return seal(text).decode()


def is_sealed(text: str) -> bool:
    """Whether a text is one of :func:`seal_text`, whatever its key: such ones begin alike."""
    return text.startswith(BEGINNING)


BEGINNING = "gAAAAA"
"""The version of the encryption and the first bytes of the time, which are zero until 2106."""


def digest(text: str) -> str:
    """The same text gives the same digest; nobody without the key can try texts out."""
    key = settings.identity_keys()[-1]
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.identity_keys()])
