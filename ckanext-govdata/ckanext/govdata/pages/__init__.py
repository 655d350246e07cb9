"""The look: home, lists, entry, department, region, about, help; script folding."""
