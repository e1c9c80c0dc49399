from django.db import migrations

# The second wall behind open_for_edit(): rows of a plan change only while its document is a draft.
PLAN_IS_CLOSED = """
CREATE FUNCTION plan_is_open(plan bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT d.state = 'draft' FROM meetings_meetingplan p JOIN documents_document d ON d.id = p.document_id
    WHERE p.id = plan
$$;
CREATE FUNCTION plan_item_of_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT plan_is_open(CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END) THEN
        RAISE EXCEPTION 'the plan is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER plan_item_of_a_draft BEFORE INSERT OR UPDATE OR DELETE ON meetings_planitem
    FOR EACH ROW EXECUTE FUNCTION plan_item_of_a_draft();
CREATE FUNCTION plan_responsible_of_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE item bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.item_id ELSE NEW.item_id END;
BEGIN
    IF NOT plan_is_open((SELECT plan_id FROM meetings_planitem WHERE id = item)) THEN
        RAISE EXCEPTION 'the plan is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER plan_responsible_of_a_draft BEFORE INSERT OR UPDATE OR DELETE ON meetings_planresponsible
    FOR EACH ROW EXECUTE FUNCTION plan_responsible_of_a_draft();
"""
BACK = """
DROP TRIGGER plan_responsible_of_a_draft ON meetings_planresponsible;
DROP TRIGGER plan_item_of_a_draft ON meetings_planitem;
DROP FUNCTION plan_responsible_of_a_draft();
DROP FUNCTION plan_item_of_a_draft();
DROP FUNCTION plan_is_open(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]
    operations = [migrations.RunSQL(PLAN_IS_CLOSED, BACK)]
