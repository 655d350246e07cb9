"""Charts drawn on the server: SVG with names for readers' aids, without style or script."""
