"""The duty desk: it opens what relays posted, judges it, and rings until a person acknowledges."""
