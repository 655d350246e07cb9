"""The table as a tool: pages, pictures and files of what a reader asks of a table."""
