"""Keeps the web process and tor running: ``tipline serve``. Holds the database key in memory."""
