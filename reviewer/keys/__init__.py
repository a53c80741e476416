"""Keys of the weeks: offered, issued, adopted, retired."""
