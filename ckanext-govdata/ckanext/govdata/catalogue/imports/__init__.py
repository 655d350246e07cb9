"""A catalogue file comes in: read, matched, looked through, written whole or not at all."""
