import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was submitted never changes; walls of rows do not see TRUNCATE.
NOT_EMPTIED = (
    "CREATE TRIGGER portfolios_reportsubmission_not_emptied BEFORE TRUNCATE ON portfolios_reportsubmission"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
    "DROP TRIGGER portfolios_reportsubmission_not_emptied ON portfolios_reportsubmission;",
)


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0006_history_is_not_emptied'),
        ('portfolios', '0009_words_of_published_products'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reportpart',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reportpart',
            name='source',
            field=models.CharField(blank=True, help_text='Письмо, звонок, бумага', max_length=200, verbose_name='источник'),
        ),
        migrations.AddField(
            model_name='reportpart',
            name='source_date',
            field=models.DateField(blank=True, null=True, verbose_name='дата'),
        ),
        migrations.AddField(
            model_name='reportpart',
            name='source_file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.storedfile'),
        ),
        migrations.RunSQL(*NOT_EMPTIED),
    ]
