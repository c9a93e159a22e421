"""How well the comments keep what they promise: random histories, tampering, spam, and hostile requests."""
