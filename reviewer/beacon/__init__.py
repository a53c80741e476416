"""Buttons for help behind the air gap: places, seeds, drills, week files, and sightings of presses."""
