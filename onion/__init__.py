"""Tor: onion services, control of a tor process, client authorisation, a private test network.

It runs on the server and on a courier's computer. It holds onion keys, and nothing that a source writes. It imports
none of the other packages.
"""
