"""Tor: onion services, the control of a tor process, client authorisation, and a private network for tests.

It runs on the server and on a courier's computer. It holds onion keys, and nothing that a source writes. It imports
none of the other packages.
"""
