"""Signed operations that reviewers share, in sealed items of one length."""
