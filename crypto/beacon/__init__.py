"""Formats of buttons for help, relays and duty desks: ids, marks, frames, sightings, week files."""
