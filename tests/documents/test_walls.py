"""What the database itself refuses, and what the checks find when somebody went round it."""
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from projectoffice.common.invariants import violations
from projectoffice.documents.models import Document, Edition, Sheet
from tests.documents.paper import TEXTS
from tests.documents.states import fresh, paper_in
from tests.walls import insert_only_tables, lower_walls_against_truncate, raise_walls_against_truncate

pytestmark = pytest.mark.django_db


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_what_is_in_force_is_never_another_documents_edition(cast):
    one, other = paper_in("issued", cast), paper_in("issued", cast)
    refused(lambda: Document.objects.filter(pk=one.pk).update(in_force=other.in_force))


def test_a_sheet_out_for_signature_holds(cast):
    document = paper_in("sent", cast)
    refused(lambda: document.sheets.update(pdf=b"x"))
    refused(lambda: Sheet.objects.filter(document=document)._raw_delete("default"))


@pytest.mark.parametrize("state", ["proposed", "annulled"])
def test_an_annulment_is_never_deleted(cast, state):
    document = paper_in(state, cast)
    refused(lambda: document.annulments.all()._raw_delete("default"))


def test_a_decided_annulment_holds(cast):
    document = paper_in("annulled", cast)
    refused(lambda: document.annulments.update(reason="Другая"))


def test_no_table_behind_a_wall_is_emptied_at_once(cast):
    """TRUNCATE fires no trigger of rows; tests lower its own walls (conftest), here they stand as in the portal."""
    paper_in("issued", cast)
    of_papers = [table for table in insert_only_tables() if table.startswith(("common_", "documents_", "portfolios_"))]
    assert len(of_papers) > 4

    def empty(table):
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")

    with transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        raise_walls_against_truncate()
        for table in [*of_papers, "documents_document", "documents_annulment"]:
            refused(partial(empty, table))
        lower_walls_against_truncate()
    assert Edition.objects.exists()


def behind_the_walls(change):
    """As a superuser who switches triggers and keys off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        change()
        cursor.execute("SET LOCAL session_replication_role = origin")


def found():
    return " ".join(sentence for _, sentence in violations())


def test_a_changed_content_of_an_edition_is_found(cast):
    edition = paper_in("issued", cast).in_force
    assert found() == ""
    edition.snapshot["sections"][0]["rows"][0]["cells"]["topics"][0]["text"] = "Подделка"
    behind_the_walls(lambda: Edition.objects.filter(pk=edition.pk).update(snapshot=edition.snapshot))
    assert "содержание изменено" in found()


def test_a_changed_content_of_a_sheet_is_found(cast):
    sheet = paper_in("sent", cast).current_sheet
    assert found() == ""
    sheet.snapshot["head"]["title"] = ["Подделка"]
    behind_the_walls(lambda: Sheet.objects.filter(pk=sheet.pk).update(snapshot=sheet.snapshot))
    assert "лист на подпись: содержание изменено" in found()


def test_changed_live_content_of_an_issued_document_is_found(cast):
    document = paper_in("issued", cast)
    TEXTS[document.pk] = "Подделка"
    assert "содержание не то, что в редакции 1" in found()


def test_changed_bytes_of_a_sheet_are_found(cast):
    document = paper_in("sent", cast)
    call_command("verify_documents")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE documents_sheet DROP CONSTRAINT sheet_has_its_hash")
    behind_the_walls(lambda: Sheet.objects.filter(pk=fresh(document).current_sheet_id).update(pdf=b"%PDF other"))
    with pytest.raises(CommandError, match="не совпадает: 1"):
        call_command("verify_documents")
