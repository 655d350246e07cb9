"""``make chaos``: a portal of its own, broken again and again while people write and read; after
each round its stores are held against each other and against what was answered."""
