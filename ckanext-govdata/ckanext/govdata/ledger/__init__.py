"""The ledger: every event, grant, download and change, chained by digest, never undone."""
