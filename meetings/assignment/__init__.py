"""An assignment: its states and due date, its words and letters, its page, the list and the report of discipline."""
