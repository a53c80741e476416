"""What our programs ask of the operating system. Standard library only: no format, no secret, nothing of ours."""
