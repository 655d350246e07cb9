"""What happens by the clock: the slices' jobs, each run once however many schedulers there are."""
