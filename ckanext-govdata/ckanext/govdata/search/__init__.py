"""Chinese search: query building, knowledge, suggestions, log, evaluation."""
