"""Who works where: the tree of departments, who sits in them, who stands in for whom, what
somebody is towards a thing, and what becomes of a department's things when it ends."""
