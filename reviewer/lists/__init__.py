"""Lists of agencies, of accused and of sought persons: importing, and comparing with findings."""
