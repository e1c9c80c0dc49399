from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0005_letters_of_an_address")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER common_event_not_emptied BEFORE TRUNCATE ON common_event"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
            "DROP TRIGGER common_event_not_emptied ON common_event;",
        ),
    ]
