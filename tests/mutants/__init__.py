"""A trial of the tests: a slice's functions are changed one place at a time; do its tests say so?

``make mutants WHAT=marks``: no test of the suite, but a figure about it.
"""
