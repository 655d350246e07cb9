"""One entry: judged, coded, stored; and who may change a department and its entries."""
