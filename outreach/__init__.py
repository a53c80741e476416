"""Cards, posters and a clear page that lead to the site. They know its public address, and no key.

For the staff computer: of this project it may import ``system`` only, and of others what the extra ``outreach``
names.
"""
