"""A table of a document from a Word file: its head, its rows, what is doubtful. Nothing is stored here.

An app describes its table with a ``Form`` and reads with ``reader.read``.
"""
