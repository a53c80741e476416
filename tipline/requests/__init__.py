"""HTTP requests: circuits, bodies, forms, and the reasons for which one is refused."""
