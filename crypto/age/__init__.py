"""The age format: headers, streams, and envelopes for several recipients."""
