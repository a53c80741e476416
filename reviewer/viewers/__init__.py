"""Shows what is in a source's file, without ever passing the file on.

Each file is read by sandboxed processes. Out of them come bare pixels, plain text or bare sound samples, and
our own programs make the picture or the sound of these (docs/adr/0055).
"""
