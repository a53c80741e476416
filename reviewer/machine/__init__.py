"""The machine: its networks, and swap that would keep memory on a disk."""
