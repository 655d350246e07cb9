"""An event for machines: CAP, Atom, DCAT, and news to those who asked for it."""
