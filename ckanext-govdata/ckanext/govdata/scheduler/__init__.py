"""What happens by the clock: jobs that slices list, run once each however many schedulers there are."""
