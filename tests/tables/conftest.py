"""Jobs that are done at once, in this process."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from ckanext.govdata import queued_job

Standing = Callable[[str, Callable[[], list[str]]], list[str]]
_standing: dict[str, list[str]] = {}


@pytest.fixture
def at_once(fresh, monkeypatch) -> None:
    """What is put into the queue is done at that moment."""
    monkeypatch.setattr(queued_job, "enqueue", lambda job, args, *_: job(*args))


@pytest.fixture
def standing(request: pytest.FixtureRequest) -> Standing:
    """Files that tests only read, by a name for them: loaded in an empty portal by the first of
    these tests, and again where another has emptied it since."""
    import ckan.model as model

    def files(name: str, loaded: Callable[[], list[str]]) -> list[str]:
        kept = _standing.get(name)
        if kept is None or any(model.Resource.get(one) is None for one in kept):
            request.getfixturevalue("at_once")
            _standing[name] = loaded()
        return _standing[name]

    return files
