"""Operating system services for several programs: files, signals, terminals, memory, the kernel.

It runs wherever one of the programs runs. It holds no secret and knows no format. It imports the standard library
only.
"""
