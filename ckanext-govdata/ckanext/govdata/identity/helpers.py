"""Template helpers of identities."""

from __future__ import annotations

from .. import settings
from . import sentences


def govdata_identity_kinds() -> dict[str, str]:
    """What an applicant can be."""
    return sentences.kinds()


def govdata_identity_documents() -> dict[str, str]:
    """Papers by which a person says who he is."""
    return sentences.documents()


def govdata_identity_countries() -> dict[str, str]:
    """States that give passports, by their code."""
    return sentences.countries()


def govdata_token_days() -> int:
    """Days for which an API token stands at most; 0: for ever."""
    return settings.token_days()
