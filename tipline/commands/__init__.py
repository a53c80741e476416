"""One module for each command of ``tipline``, named as the command; see :mod:`tipline.cli`."""
