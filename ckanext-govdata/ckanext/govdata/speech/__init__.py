"""Language and script: which are spoken where, and the catalogues of messages."""
