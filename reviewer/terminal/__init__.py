"""Input and output at the terminal: lines of the program, secrets, untrusted text."""
