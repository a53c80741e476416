"""Findings in texts: stretches that may be a number, an account or a name. Text in, findings out."""
