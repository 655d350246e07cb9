"""The open data portal of the government-data regulations, as a CKAN extension."""
