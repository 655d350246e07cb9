"""Pages and files of tables."""

from __future__ import annotations

from .download_views import downloads

blueprints = [downloads]
