"""A paper table edited in place: rows with versions, an order, people, terms; any app's document may have one.

An app registers a ``Table`` (``spec.py``) and gets the verbs (``rows.py``, ``content.py``), the answers of the editor
(``editor.py``, ``views.py``) and the addresses (``urls.py``). Nothing here knows whose table it is.
"""
