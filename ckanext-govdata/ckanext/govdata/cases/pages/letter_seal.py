"""The e-seal of a letter: a PDF signature by the operator's certificate, where there is one.

The seal of the national system (Decree 716 article 9) and OFD are made by its own service: a
certificate that it issues is entered here, and whatever signs otherwise takes the place of
:func:`sealed`.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ckan.exceptions import CkanConfigurationException

from ... import settings

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

POINTS, HEIGHT = 72 / 25.4, 297
"""Points of a mm, and mm of a page: a signature is placed from below in points."""


class SealPlace(NamedTuple):
    """Where the seal stands: the page from 0, then mm from the left and the top, and its size."""

    page: int
    left: float
    top: float
    width: float
    height: float


class NoSeal(CkanConfigurationException):
    """The certificate that is entered cannot be used; says why, and stops the start."""


def sealed(page: bytes, place: SealPlace) -> bytes:
    """The letter with the signature of this portal's certificate; without one as it is."""
    file = settings.seal_certificate()
    if not file:
        return page
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer = _signer(file, Path(file).stat().st_mtime_ns)
    left, below = round(place.left * POINTS), round((HEIGHT - place.top - place.height) * POINTS)
    right, above = left + round(place.width * POINTS), below + round(place.height * POINTS)
    field = fields.SigFieldSpec("Seal", on_page=place.page, box=(left, below, right, above))
    writer = IncrementalPdfFileWriter(io.BytesIO(page))
    found = signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES),
        signer=signer,
        new_field_spec=field,
    ).sign_pdf(writer)
    return found.read()


@lru_cache(maxsize=1)
def _signer(file: str, _written: int) -> SimpleSigner:
    """The certificate with its key, read again when the file was replaced."""
    from pyhanko.sign.signers import SimpleSigner

    word = settings.seal_password()
    signer = SimpleSigner.load_pkcs12(file, passphrase=word.encode() if word else None)
    if signer is None:
        raise NoSeal(f"{file} is no certificate with its key (PKCS#12), or its password is wrong")
    return signer


def check() -> None:
    """At the start: a certificate that is entered can be used. Raises :class:`NoSeal`."""
    file = settings.seal_certificate()
    if not file:
        return
    try:
        from pyhanko import sign as _sign  # noqa: F401
    except ImportError:
        raise NoSeal("ckanext.govdata.seal.certificate needs the package pyhanko") from None
    if not Path(file).is_file():
        raise NoSeal(f"ckanext.govdata.seal.certificate: there is no file {file}")
    _signer(file, Path(file).stat().st_mtime_ns)
