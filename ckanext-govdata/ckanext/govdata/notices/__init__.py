"""Notices in the portal and by mail; whatever leaves the machine goes through the outbox."""
