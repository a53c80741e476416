"""What leaves the desk: evidence packages, and cases for other organisations."""
