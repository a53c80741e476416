"""Cases on their way to the casebook of another organisation: key files, statements and bundles."""
