from django.db import migrations

# A protocol or an extract that was sent is not taken away, and the meeting it tells of stays held.
STAYS = """
CREATE FUNCTION paper_of_a_draft_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM documents_document WHERE id = OLD.document_id) <> 'draft' THEN
        RAISE EXCEPTION 'the paper is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER protocol_stays BEFORE DELETE ON meetings_protocol FOR EACH ROW EXECUTE FUNCTION paper_of_a_draft_goes();
CREATE TRIGGER extract_stays BEFORE DELETE ON meetings_protocolextract FOR EACH ROW EXECUTE FUNCTION paper_of_a_draft_goes();

CREATE FUNCTION meeting_of_a_protocol_stays_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT meeting_is_open(OLD.id) THEN
        RAISE EXCEPTION 'the protocol of meeting % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_stays_held BEFORE UPDATE OF state ON meetings_meeting
    FOR EACH ROW EXECUTE FUNCTION meeting_of_a_protocol_stays_held();
"""
BACK = """
DROP TRIGGER meeting_stays_held ON meetings_meeting;
DROP FUNCTION meeting_of_a_protocol_stays_held();
DROP TRIGGER extract_stays ON meetings_protocolextract;
DROP TRIGGER protocol_stays ON meetings_protocol;
DROP FUNCTION paper_of_a_draft_goes();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0011_protocol_closed_on_the_route")]
    operations = [migrations.RunSQL(STAYS, BACK)]
