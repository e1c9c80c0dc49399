from django.db import migrations

# A sheet out for signature is what people sign: it never changes, and its bytes have their hash.
SHEET_HOLDS = """
ALTER TABLE documents_sheet ADD CONSTRAINT sheet_has_its_hash
    CHECK (length(pdf) > 0 AND sha256 = encode(sha256(pdf), 'hex'));
CREATE TRIGGER documents_sheet_immutable BEFORE UPDATE OR DELETE ON documents_sheet
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
SHEET_IS_FREE = """
DROP TRIGGER documents_sheet_immutable ON documents_sheet;
ALTER TABLE documents_sheet DROP CONSTRAINT sheet_has_its_hash;
"""

# Who ended a document, and why, is not taken back; a proposal is answered, never deleted.
ANNULMENT_HOLDS = """
CREATE FUNCTION annulment_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.confirmed_at IS NOT NULL OR OLD.declined_at IS NOT NULL THEN
        RAISE EXCEPTION 'a decided annulment never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER annulment_holds BEFORE UPDATE OR DELETE ON documents_annulment
    FOR EACH ROW EXECUTE FUNCTION annulment_holds();
"""

# What is in force is the document's own edition, and never an earlier one than before.
IN_FORCE_IS_OWN = """
CREATE FUNCTION in_force_is_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.in_force_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM documents_edition e WHERE e.id = NEW.in_force_id AND e.document_id = NEW.id
            AND e.number >= COALESCE((SELECT o.number FROM documents_edition o WHERE o.id = OLD.in_force_id), 0)
    ) THEN
        RAISE EXCEPTION 'the edition in force is the newest of its own document' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_force_is_own BEFORE UPDATE OF in_force_id ON documents_document
    FOR EACH ROW WHEN (NEW.in_force_id IS DISTINCT FROM OLD.in_force_id) EXECUTE FUNCTION in_force_is_own();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_sheets_know_their_hash_editions_their_basis")]
    operations = [
        migrations.RunSQL(SHEET_HOLDS, SHEET_IS_FREE),
        migrations.RunSQL(
            ANNULMENT_HOLDS,
            "DROP TRIGGER annulment_holds ON documents_annulment; DROP FUNCTION annulment_holds();",
        ),
        migrations.RunSQL(
            IN_FORCE_IS_OWN,
            "DROP TRIGGER in_force_is_own ON documents_document; DROP FUNCTION in_force_is_own();",
        ),
    ]
