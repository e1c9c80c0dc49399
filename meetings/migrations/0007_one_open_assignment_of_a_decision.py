
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0009_sheets_and_annulments_hold'),
        ('meetings', '0006_what_each_was_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='assignment',
            name='one_living_assignment_of_a_decision',
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['active', 'reported', 'returned'])), fields=('resolution',), name='one_open_assignment_of_a_decision'),
        ),
    ]
