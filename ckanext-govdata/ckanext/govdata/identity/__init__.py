"""Verified identities: a person's or an organisation's name and number, encrypted, shown masked."""
