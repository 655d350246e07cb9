"""Our speed beside a stock CKAN's, on the same machine, services and run.

Machines differ and are noisy, so every figure is a ratio of two medians that
were measured in turn, A B A B …, and the table says both.
"""
