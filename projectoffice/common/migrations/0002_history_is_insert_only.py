from django.db import migrations

# Hand-written, because a trigger library's triggers can be switched off by any role with one set_config.
FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def forbid(table, what="UPDATE OR DELETE"):
    """SQL that makes a table insert-only, and its reverse."""
    return (
        f"CREATE TRIGGER {table}_immutable BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_immutable ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change();"),
        migrations.RunSQL(*forbid("common_event")),
    ]
