from django.db import migrations

# The second wall behind open_for_edit(): texts and rows of a passport change only while its document is a draft. What
# became of a control point (reached, dropped) is no part of the paper and may change at any time.
WALL = """
CREATE FUNCTION passport_is_open(project bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT COALESCE((SELECT d.state = 'draft' FROM portfolios_passport p JOIN documents_document d ON d.id = p.document_id
                     WHERE p.project_id = project), true)
$$;
CREATE FUNCTION passport_row_of_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT passport_is_open(CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END) THEN
        RAISE EXCEPTION 'the passport is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER stage_of_a_draft BEFORE INSERT OR UPDATE OR DELETE ON portfolios_stage
    FOR EACH ROW EXECUTE FUNCTION passport_row_of_a_draft();
CREATE TRIGGER indicator_of_a_draft BEFORE INSERT OR UPDATE OR DELETE ON portfolios_indicator
    FOR EACH ROW EXECUTE FUNCTION passport_row_of_a_draft();
CREATE TRIGGER milestone_of_a_draft BEFORE INSERT OR DELETE ON portfolios_milestone
    FOR EACH ROW EXECUTE FUNCTION passport_row_of_a_draft();
CREATE TRIGGER milestone_text_of_a_draft BEFORE UPDATE ON portfolios_milestone FOR EACH ROW
    WHEN ((OLD.name, OLD.due, OLD.position, OLD.uid, OLD.project_id) IS DISTINCT FROM (NEW.name, NEW.due, NEW.position, NEW.uid, NEW.project_id))
    EXECUTE FUNCTION passport_row_of_a_draft();
CREATE TRIGGER passport_of_a_draft BEFORE UPDATE ON portfolios_passport FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION passport_row_of_a_draft();
"""
BACK = """
DROP TRIGGER passport_of_a_draft ON portfolios_passport;
DROP TRIGGER milestone_text_of_a_draft ON portfolios_milestone;
DROP TRIGGER milestone_of_a_draft ON portfolios_milestone;
DROP TRIGGER indicator_of_a_draft ON portfolios_indicator;
DROP TRIGGER stage_of_a_draft ON portfolios_stage;
DROP FUNCTION passport_row_of_a_draft();
DROP FUNCTION passport_is_open(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0003_search_imports_versions"), ("documents", "0009_sheets_and_annulments_hold")]
    operations = [migrations.RunSQL(WALL, BACK)]
