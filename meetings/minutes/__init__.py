"""The minutes: what is typed field by field, what pages show of it, what is missing for a protocol. Reads only."""
