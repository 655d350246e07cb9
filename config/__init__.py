"""What is set: jurisdictions, calendars, vocabularies, search, as YAML."""
