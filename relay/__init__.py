"""The relay beside a button for help: it hears frames, seals them, and posts at a constant rate."""
