"""Jobs that are done at once, in this process."""
from __future__ import annotations

import pytest

from ckanext.govdata import queued_job


@pytest.fixture
def at_once(fresh, monkeypatch) -> None:
    """What is put into the queue is done at that moment."""
    monkeypatch.setattr(queued_job, "enqueue", lambda job, args, *_: job(*args))
