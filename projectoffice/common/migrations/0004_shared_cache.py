from django.db import migrations

# The table of DatabaseCache, as createcachetable would make it: it comes with the migrations, not with a step of its own.
TABLE = """
CREATE TABLE common_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX common_cache_expires ON common_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0003_duty_run")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE common_cache;")]
