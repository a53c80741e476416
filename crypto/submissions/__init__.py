"""Messages between sources and staff: containers, sealed files, replies."""
