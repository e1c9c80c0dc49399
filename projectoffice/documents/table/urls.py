"""Addresses of a table editor: one list for every table, named after it."""
from functools import wraps

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.policy import policy

from . import views
from .answers import verb_of

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


def table_urls(prefix, table):
    """The addresses of the verbs and forms under ``prefix`` (which has ``<int:pk>``), as ``<table.name>_row_add`` and so on."""
    rows, one = f"{prefix}rows/", f"{prefix}rows/<uuid:uid>/"
    verbs = {
        f"{rows}title/": views.title,
        f"{rows}renumber/": views.renumber,
        f"{rows}acknowledge/": views.acknowledge,
        f"{rows}sync/": views.rows_sync,
        f"{rows}add/": views.row_add,
        f"{rows}paste/": views.rows_paste,
        f"{rows}unpaste/": views.rows_unpaste,
        f"{one}cell/": views.row_cell,
        f"{one}duplicate/": views.row_duplicate,
        f"{one}remove/": views.row_remove,
        f"{one}return/": views.row_return,
        f"{one}move/": views.row_move,
    }
    pages = [
        (f"{prefix}title/", views.title_form, require_safe),
        (f"{rows}reading/", views.rows_reading, require_POST),
        (f"{rows}people/", views.rows_people, require_safe),
        (one, views.row, READ_AND_WRITE),
    ]
    return [
        *(path(route, of_table(table, verb_of(table)(view), require_POST), name=f"{table.name}_{view.__name__}")
          for route, view in verbs.items()),
        *(path(route, of_table(table, with_table(table, view), methods), name=f"{table.name}_{view.__name__}")
          for route, view, methods in pages),
    ]


def with_table(table, view):
    @wraps(view)
    def page(request, **kwargs):
        return view(request, table, **kwargs)

    return page


def of_table(table, view, methods):
    return policy(table.permission)(methods(view))
