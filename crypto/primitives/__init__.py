"""Primitives of libsodium and others, each behind one module, and encodings without keys."""
