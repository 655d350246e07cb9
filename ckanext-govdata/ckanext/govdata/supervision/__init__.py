"""What the authority watches: figures with their articles, and the auditor's page."""
