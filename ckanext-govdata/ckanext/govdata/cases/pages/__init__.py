"""What people see of cases: pages, lists, letters, public decisions."""
