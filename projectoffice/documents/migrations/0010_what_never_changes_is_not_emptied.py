from django.db import migrations

# Walls of rows do not see TRUNCATE: it passes them by, and takes along whatever refers to the table.
WALLED = ("annulment", "decision", "document", "edition", "editionfile", "sheet")


def keep(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER documents_{table}_not_emptied BEFORE TRUNCATE ON documents_{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER documents_{table}_not_emptied ON documents_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0009_sheets_and_annulments_hold"),
        ("common", "0002_history_is_insert_only"),
    ]
    operations = [keep(table) for table in WALLED]
