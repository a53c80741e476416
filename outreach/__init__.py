"""Cards, posters and a clear page that lead sources to the site.

It runs on a staff computer. It holds no key and knows the public address of the site. It may import ``system``, and
of other projects the extra ``outreach``.
"""
