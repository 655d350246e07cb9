"""Whether each part of the portal does its work: for the operator, a load balancer, `make status`."""
