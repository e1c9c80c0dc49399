"""The protocol and its extract: their printed words, their pages, the search through those in force. Reads only."""
