"""Lists of facilities in a home: importing, forgetting, and the question "same place?"."""
