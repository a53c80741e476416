"""The pages that a source sees, and the WSGI application around them."""
