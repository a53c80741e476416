"""Evidence packages, and cases that are handed over to other organisations."""
