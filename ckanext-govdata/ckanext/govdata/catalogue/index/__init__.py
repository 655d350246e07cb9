"""The search index follows the database."""
