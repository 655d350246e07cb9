"""One typed function per ini option; nobody else reads the configuration."""
from __future__ import annotations
