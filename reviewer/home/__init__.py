"""The home of one reviewer: keys, casebook, and the names of mailboxes."""
