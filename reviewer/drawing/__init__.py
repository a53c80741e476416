"""Drawings as numbers: graph, timeline and map. Nothing is read from a home or rendered here."""
