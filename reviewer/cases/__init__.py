"""Reading messages, answering them, and saving their files."""
