"""A portal under a day's load, and what its readers see of killed services: ``make load``."""
