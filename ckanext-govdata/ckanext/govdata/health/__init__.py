"""Whether each part of the portal does its work: for operators, load balancers, `make status`."""
