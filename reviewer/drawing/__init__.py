"""Drawings as numbers: graph, timeline and map. No text is rendered here, and nothing is read from a home."""
