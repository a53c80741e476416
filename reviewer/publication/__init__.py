"""What may be published: registered tables, suppression, and one record of releases."""
