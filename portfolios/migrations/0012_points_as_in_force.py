from django.db import migrations, models

# What is told of a control point outside the passport's own pages. It follows the row but while the next edition of a
# passport in force is being prepared; with the new edition it follows again.
TOLD = """
CREATE FUNCTION passport_is_revised(project bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT COALESCE((SELECT d.in_force_id IS NOT NULL AND d.state <> 'issued'
                     FROM portfolios_passport p JOIN documents_document d ON d.id = p.document_id
                     WHERE p.project_id = project), false)
$$;
UPDATE portfolios_milestone SET told_name = name, told_due = due, is_told = position IS NOT NULL
    WHERE NOT passport_is_revised(project_id);
UPDATE portfolios_milestone m SET told_name = point ->> 'name', told_due = NULLIF(point ->> 'due', '')::date, is_told = true
    FROM portfolios_passport p JOIN documents_document d ON d.id = p.document_id JOIN documents_edition e ON e.id = d.in_force_id,
         jsonb_array_elements(e.snapshot -> 'source' -> 'milestones') AS point
    WHERE p.project_id = m.project_id AND passport_is_revised(m.project_id) AND m.uid = (point ->> 'uid')::uuid;
CREATE FUNCTION milestone_as_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT passport_is_revised(NEW.project_id) THEN
        NEW.told_name := NEW.name; NEW.told_due := NEW.due; NEW.is_told := NEW.position IS NOT NULL;
    ELSIF TG_OP = 'INSERT' THEN
        NEW.told_name := ''; NEW.told_due := NULL; NEW.is_told := false;
    ELSE
        NEW.told_name := OLD.told_name; NEW.told_due := OLD.told_due; NEW.is_told := OLD.is_told;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER milestone_told BEFORE INSERT OR UPDATE ON portfolios_milestone
    FOR EACH ROW EXECUTE FUNCTION milestone_as_told();
CREATE FUNCTION tell_milestones_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE portfolios_milestone SET is_told = is_told
        WHERE project_id = (SELECT project_id FROM portfolios_passport WHERE document_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER milestones_in_force AFTER UPDATE ON documents_document FOR EACH ROW
    WHEN (NEW.kind = 'project_passport' AND NEW.state = 'issued'
          AND (OLD.state, OLD.in_force_id) IS DISTINCT FROM (NEW.state, NEW.in_force_id))
    EXECUTE FUNCTION tell_milestones_in_force();
"""
BACK = """
DROP TRIGGER milestones_in_force ON documents_document;
DROP FUNCTION tell_milestones_in_force();
DROP TRIGGER milestone_told ON portfolios_milestone;
DROP FUNCTION milestone_as_told();
DROP FUNCTION passport_is_revised(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0011_where_a_project_comes_from"), ("documents", "0009_sheets_and_annulments_hold")]
    operations = [
        migrations.AddField("milestone", "told_name", models.CharField(blank=True, editable=False, max_length=300)),
        migrations.AddField("milestone", "told_due", models.DateField(blank=True, editable=False, null=True)),
        migrations.AddField("milestone", "is_told", models.BooleanField(default=False, editable=False)),
        migrations.RunSQL(TOLD, BACK),
        migrations.RemoveIndex("milestone", "milestone_open"),
        migrations.AddIndex("milestone", models.Index(
            fields=["told_due"], name="milestone_open", condition=models.Q(("reached_on__isnull", True)))),
    ]
