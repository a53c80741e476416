"""Tables for others: registered tables, suppression, and one record of releases."""
