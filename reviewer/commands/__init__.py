"""The commands of ``tipline-review``, a module each."""
