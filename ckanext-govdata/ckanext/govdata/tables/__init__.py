"""Files as tables: what an officer uploads becomes a table in the DataStore."""
