"""What is kept encrypted is readable with the keys of before, and found again."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from ckanext.govdata.security import vault

OPTION = "ckanext.govdata.security.keys"
ADDRESS = "wang@example.invalid"


@pytest.fixture
def keys(with_plugins, ckan_config, monkeypatch):
    """Set the keys, the newest first."""

    def given(*listed: str) -> None:
        monkeypatch.setitem(ckan_config, OPTION, " ".join(listed))

    return given


def test_what_was_sealed_is_unsealed_and_looks_like_nothing(keys) -> None:
    keys(Fernet.generate_key().decode())
    sealed = vault.seal(ADDRESS)
    assert ADDRESS.encode() not in sealed
    assert vault.seal(ADDRESS) != sealed, "the same address looks different each time"
    assert vault.unseal(sealed) == ADDRESS


def test_a_new_key_reads_what_an_old_one_wrote_and_finds_it_again(keys) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    keys(old)
    sealed, digest = vault.seal(ADDRESS), vault.digest(ADDRESS)
    keys(new, old)
    assert vault.unseal(sealed) == ADDRESS
    assert vault.digest(ADDRESS) == digest
    keys(new)
    with pytest.raises(ValueError, match="no key fits"):
        vault.unseal(sealed)


def test_a_digest_cannot_be_made_without_the_key(keys) -> None:
    keys(Fernet.generate_key().decode())
    first = vault.digest(ADDRESS)
    keys(Fernet.generate_key().decode())
    assert vault.digest(ADDRESS) != first
    assert len(first) == 64
