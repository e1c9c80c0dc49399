"""The plan of meetings: its rows as typed and stored, as edited, as checked, as in force. Reads only."""
