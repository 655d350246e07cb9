"""What a sheet shows: workbooks of every kind, CSV and JSON, read in one way."""
