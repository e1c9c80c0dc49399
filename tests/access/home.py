from . import Row, everybody

ROWS = [
    Row("home", get=everybody()),
]
