"""Tables of uploaded files, for tests of what readers ask of them."""
from __future__ import annotations

from tests.tables.conftest import at_once  # noqa: F401
