"""An assignment: its states, its words and letters, its page, the list and the report of discipline."""
