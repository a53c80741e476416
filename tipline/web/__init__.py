"""The web process: gunicorn, its worker, its sockets, and the limits of its process."""
