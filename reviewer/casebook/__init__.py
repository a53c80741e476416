"""Everything the reviewer knows: submissions, replies, servers, manifests, and the log of what was done."""
