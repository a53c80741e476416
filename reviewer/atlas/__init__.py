"""Data that the program ships: towns, countries, months, outlines. Their makers and licences are in LICENCES.md."""
