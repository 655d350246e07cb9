"""What is described: metadata, forms and procedures, as YAML."""
