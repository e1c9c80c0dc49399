import django.db.models.deletion
from django.db import migrations, models

# What an annulled protocol tells is in its edition: the meeting opens for the next protocol, but it stays held.
ANEW = """
CREATE OR REPLACE FUNCTION meeting_is_open(meeting bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM meetings_protocol p JOIN documents_document d ON d.id = p.document_id
        WHERE p.meeting_id = meeting AND d.state NOT IN ('draft', 'annulled')
    )
$$;
CREATE OR REPLACE FUNCTION meeting_of_a_protocol_stays_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND EXISTS (
        SELECT 1 FROM meetings_protocol p JOIN documents_document d ON d.id = p.document_id
        WHERE p.meeting_id = OLD.id AND d.state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'the protocol of meeting % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER protocol_of_a_draft BEFORE UPDATE ON meetings_protocol
    FOR EACH ROW EXECUTE FUNCTION form_of_a_draft('had_closed', 'shown_to_chair_at', 'version', 'annulled');
UPDATE meetings_protocol SET annulled = true
    WHERE document_id IN (SELECT id FROM documents_document WHERE state = 'annulled');

CREATE FUNCTION protocol_ends_with_its_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.annulled <> (SELECT state = 'annulled' FROM documents_document WHERE id = NEW.document_id) THEN
        RAISE EXCEPTION 'protocol % is annulled with its document', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER protocol_ends_with_its_document BEFORE INSERT OR UPDATE OF annulled ON meetings_protocol
    FOR EACH ROW EXECUTE FUNCTION protocol_ends_with_its_document();
"""
BACK = """
DROP TRIGGER protocol_ends_with_its_document ON meetings_protocol;
DROP FUNCTION protocol_ends_with_its_document();
CREATE OR REPLACE TRIGGER protocol_of_a_draft BEFORE UPDATE ON meetings_protocol
    FOR EACH ROW EXECUTE FUNCTION form_of_a_draft('had_closed', 'shown_to_chair_at', 'version');
CREATE OR REPLACE FUNCTION meeting_of_a_protocol_stays_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT meeting_is_open(OLD.id) THEN
        RAISE EXCEPTION 'the protocol of meeting % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION meeting_is_open(meeting bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM meetings_protocol p JOIN documents_document d ON d.id = p.document_id
        WHERE p.meeting_id = meeting AND d.state <> 'draft'
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0013_known_since")]

    operations = [
        migrations.AddField(
            model_name="protocol",
            name="annulled",
            field=models.BooleanField(default=False, help_text="Документ отменён; по заседанию можно собрать другой"),
        ),
        migrations.RunSQL(ANEW, BACK),
        migrations.AlterField(
            model_name="protocol",
            name="meeting",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="protocols",
                                    related_query_name="protocol", to="meetings.meeting"),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(condition=models.Q(("annulled", False)), fields=("meeting",),
                                               name="one_living_protocol_of_a_meeting"),
        ),
    ]
