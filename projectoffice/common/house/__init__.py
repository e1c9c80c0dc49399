"""What starts, sets up and holds together the project: nothing here knows Django or any app.

Standard library only, so that the first step runs before a virtual environment exists.
"""
