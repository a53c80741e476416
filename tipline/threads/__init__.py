"""Threads that last, and behaviour when the system gives no more threads or memory."""
