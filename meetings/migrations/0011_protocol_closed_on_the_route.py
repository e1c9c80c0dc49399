from django.db import migrations

# The second wall behind open_meeting(): what a protocol tells changes only while its document is a draft.
PROTOCOL_IS_CLOSED = """
CREATE FUNCTION meeting_is_open(meeting bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM meetings_protocol p JOIN documents_document d ON d.id = p.document_id
        WHERE p.meeting_id = meeting AND d.state <> 'draft'
    )
$$;
CREATE FUNCTION meeting_of_item(item bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT meeting_id FROM meetings_agendaitem WHERE id = item
$$;
CREATE FUNCTION meeting_of_resolution(resolution bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT meeting_of_item(item_id) FROM meetings_resolution WHERE id = resolution
$$;
-- TG_ARGV[0] says how a row leads to its meeting, TG_ARGV[1] and further which columns tell nothing of the protocol.
CREATE FUNCTION part_of_an_open_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - TG_ARGV[1:] END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - TG_ARGV[1:] END;
    part jsonb;
    meeting bigint;
BEGIN
    IF before IS DISTINCT FROM after THEN
        FOREACH part IN ARRAY ARRAY[before, after] LOOP
            CONTINUE WHEN part IS NULL;
            meeting := CASE TG_ARGV[0]
                WHEN 'meeting' THEN (part ->> 'meeting_id')::bigint
                WHEN 'item' THEN meeting_of_item((part ->> 'item_id')::bigint)
                ELSE meeting_of_resolution((part ->> 'resolution_id')::bigint)
            END;
            IF NOT meeting_is_open(meeting) THEN
                RAISE EXCEPTION 'the protocol of meeting % is closed', meeting USING ERRCODE = 'restrict_violation';
            END IF;
        END LOOP;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER item_of_an_open_meeting BEFORE INSERT OR UPDATE OR DELETE ON meetings_agendaitem
    FOR EACH ROW EXECUTE FUNCTION part_of_an_open_meeting('meeting', 'origin_id', 'minutes', 'plan_text');
CREATE TRIGGER speaker_of_an_open_meeting BEFORE INSERT OR UPDATE OR DELETE ON meetings_agendaspeaker
    FOR EACH ROW EXECUTE FUNCTION part_of_an_open_meeting('item');
CREATE TRIGGER resolution_of_an_open_meeting BEFORE INSERT OR UPDATE OR DELETE ON meetings_resolution
    FOR EACH ROW EXECUTE FUNCTION part_of_an_open_meeting('item');
CREATE TRIGGER co_executor_of_an_open_meeting BEFORE INSERT OR UPDATE OR DELETE ON meetings_resolution_co_executors
    FOR EACH ROW EXECUTE FUNCTION part_of_an_open_meeting('resolution');
CREATE TRIGGER institution_of_an_open_meeting BEFORE INSERT OR UPDATE OR DELETE ON meetings_resolution_institutions
    FOR EACH ROW EXECUTE FUNCTION part_of_an_open_meeting('resolution');
CREATE TRIGGER participant_of_an_open_meeting BEFORE INSERT OR UPDATE OR DELETE ON meetings_participant
    FOR EACH ROW EXECUTE FUNCTION part_of_an_open_meeting('meeting', 'invited_sequence', 'told');

CREATE FUNCTION meeting_of_an_open_protocol() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.body_id, NEW.title, NEW.date, NEW.start, NEW."end", NEW.place, NEW.uid)
       IS DISTINCT FROM (OLD.body_id, OLD.title, OLD.date, OLD.start, OLD."end", OLD.place, OLD.uid)
       AND NOT meeting_is_open(OLD.id) THEN
        RAISE EXCEPTION 'the protocol of meeting % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_of_an_open_protocol BEFORE UPDATE ON meetings_meeting
    FOR EACH ROW EXECUTE FUNCTION meeting_of_an_open_protocol();

CREATE FUNCTION form_of_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV[0:] IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV[0:]
       AND (SELECT state FROM documents_document WHERE id = OLD.document_id) <> 'draft' THEN
        RAISE EXCEPTION 'the paper is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER protocol_of_a_draft BEFORE UPDATE ON meetings_protocol
    FOR EACH ROW EXECUTE FUNCTION form_of_a_draft('had_closed', 'shown_to_chair_at', 'version');
CREATE TRIGGER extract_of_a_draft BEFORE UPDATE ON meetings_protocolextract
    FOR EACH ROW EXECUTE FUNCTION form_of_a_draft('addressee', 'readers', 'closed', 'version');
"""
BACK = """
DROP TRIGGER extract_of_a_draft ON meetings_protocolextract;
DROP TRIGGER protocol_of_a_draft ON meetings_protocol;
DROP FUNCTION form_of_a_draft();
DROP TRIGGER meeting_of_an_open_protocol ON meetings_meeting;
DROP FUNCTION meeting_of_an_open_protocol();
DROP TRIGGER participant_of_an_open_meeting ON meetings_participant;
DROP TRIGGER institution_of_an_open_meeting ON meetings_resolution_institutions;
DROP TRIGGER co_executor_of_an_open_meeting ON meetings_resolution_co_executors;
DROP TRIGGER resolution_of_an_open_meeting ON meetings_resolution;
DROP TRIGGER speaker_of_an_open_meeting ON meetings_agendaspeaker;
DROP TRIGGER item_of_an_open_meeting ON meetings_agendaitem;
DROP FUNCTION part_of_an_open_meeting();
DROP FUNCTION meeting_of_resolution(bigint);
DROP FUNCTION meeting_of_item(bigint);
DROP FUNCTION meeting_is_open(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_protocol_keeps_its_quorum")]
    operations = [migrations.RunSQL(PROTOCOL_IS_CLOSED, BACK)]
