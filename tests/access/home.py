from . import Row, everybody, only

ROWS = [
    Row("home", get=everybody()),
    Row("start_read", post=only("known", ok=302)),
]
