"""A meeting: its states, its page, its agenda, what its people were told. Reads only."""
