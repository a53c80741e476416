"""What a source sends and gets back: containers, sealed files, replies."""
