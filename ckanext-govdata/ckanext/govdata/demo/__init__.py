"""The demo portal: real entries, real departments, an account for every role."""
