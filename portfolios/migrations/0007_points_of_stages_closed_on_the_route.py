from django.db import migrations

# Under which stage a control point stands is printed, so it is closed with the rest of its text.
WALL = """
DROP TRIGGER milestone_text_of_a_draft ON portfolios_milestone;
CREATE TRIGGER milestone_text_of_a_draft BEFORE UPDATE ON portfolios_milestone FOR EACH ROW
    WHEN ((OLD.name, OLD.due, OLD.position, OLD.uid, OLD.project_id, OLD.stage_id)
          IS DISTINCT FROM (NEW.name, NEW.due, NEW.position, NEW.uid, NEW.project_id, NEW.stage_id))
    EXECUTE FUNCTION passport_row_of_a_draft();
"""
BACK = """
DROP TRIGGER milestone_text_of_a_draft ON portfolios_milestone;
CREATE TRIGGER milestone_text_of_a_draft BEFORE UPDATE ON portfolios_milestone FOR EACH ROW
    WHEN ((OLD.name, OLD.due, OLD.position, OLD.uid, OLD.project_id) IS DISTINCT FROM (NEW.name, NEW.due, NEW.position, NEW.uid, NEW.project_id))
    EXECUTE FUNCTION passport_row_of_a_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0006_bank_of_products")]
    operations = [migrations.RunSQL(WALL, BACK)]
