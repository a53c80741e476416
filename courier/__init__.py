"""The courier's program: it carries bundles between the server and the reviewers, through Tor.

It runs on a staff computer that is online. It holds the courier's own key for the server's onion service, and no
key that opens a bundle. It may import ``onion``, ``system``, and of ``crypto`` the frame of a file of bundles only.
"""
