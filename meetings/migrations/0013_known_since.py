from django.db import migrations, models

# Meetings that are announced or held are known by their state; of the others the history tells.
FROM_HISTORY = """
UPDATE meetings_meeting SET known_since = (
    SELECT min(event.moment) FROM common_event event JOIN django_content_type kind ON kind.id = event.content_type_id
    WHERE kind.app_label = 'meetings' AND kind.model = 'meeting' AND event.object_id = meetings_meeting.id
      AND event.verb IN ('announce_meeting', 'hold_meeting', 'create_protocol')
) WHERE state IN ('draft', 'moved', 'cancelled');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0012_protocol_stays_with_its_meeting"),
        ("common", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="known_since",
            field=models.DateTimeField(help_text="С какого времени о нём знают: объявлено или проведено впервые", null=True),
        ),
        migrations.RunSQL(FROM_HISTORY, migrations.RunSQL.noop),
    ]
