"""What time does to cases: the daily sweep, reminders, due days as a calendar."""
