from django.db import migrations, models

# An announced contest goes back to its set-up only while nobody has entered it, and no part is taken out of it by
# being hung onto another contest.
WALLS = """
CREATE FUNCTION contest_with_entries_stays_announced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'setup' AND NEW.state = 'setup' AND EXISTS (SELECT 1 FROM contests_entry WHERE contest_id = NEW.id) THEN
        RAISE EXCEPTION 'the contest has entries, it is not set up again' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contest_with_entries_stays_announced BEFORE UPDATE OF state ON contests_contest
    FOR EACH ROW EXECUTE FUNCTION contest_with_entries_stays_announced();
CREATE FUNCTION part_stays_in_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a part of a contest stays where it is' USING ERRCODE = 'restrict_violation';
END $$;
"""
OWNERS = {"nomination": "contest_id", "tierule": "contest_id", "awardlevel": "contest_id", "entryfield": "nomination_id",
          "criterion": "nomination_id", "criterionlevel": "criterion_id"}
WALLS += "".join(
    f"CREATE TRIGGER {part}_stays_in_its_place BEFORE UPDATE OF {owner} ON contests_{part} FOR EACH ROW "
    f"WHEN (OLD.{owner} IS DISTINCT FROM NEW.{owner}) EXECUTE FUNCTION part_stays_in_its_place();\n" for part, owner in OWNERS.items())
WALLS_BACK = "".join(f"DROP TRIGGER {part}_stays_in_its_place ON contests_{part};\n" for part in OWNERS) + """
DROP FUNCTION part_stays_in_its_place();
DROP TRIGGER contest_with_entries_stays_announced ON contests_contest;
DROP FUNCTION contest_with_entries_stays_announced();
"""


class Migration(migrations.Migration):
    dependencies = [("contests", "0002_what_was_scored_never_changes")]

    operations = [
        migrations.AddField("contest", "announced_at", models.DateTimeField(null=True)),
        migrations.RunSQL(WALLS, WALLS_BACK),
    ]
