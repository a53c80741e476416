"""The commands of ``tipline``; see :mod:`tipline.cli`."""
