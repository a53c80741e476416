"""Data that the program ships: towns, countries, months, outlines. LICENCES.md names their makers."""
