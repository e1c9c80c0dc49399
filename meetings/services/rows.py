"""Verbs of the rows of a plan: those of every paper table."""
from projectoffice.documents.table.rows import (
    add_row,
    duplicate_row,
    insert_many,
    move_row,
    paste_rows,
    remove_row,
    renumber,
    return_row,
    save_cell,
    save_row,
    unpaste_rows,
)

__all__ = [
    "add_row", "duplicate_row", "insert_many", "move_row", "paste_rows", "remove_row", "renumber", "return_row", "save_cell",
    "save_row", "unpaste_rows",
]
