"""The portal in memory, for a real server to serve: ``granian tests.front.served:application``."""

from __future__ import annotations

from tests.front.front_world import Portal

application = Portal().front()
