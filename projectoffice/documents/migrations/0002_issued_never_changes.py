from django.db import migrations


def forbid(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_immutable ON {table};",
    )


HASH_IS_TRUE = """
ALTER TABLE documents_editionfile ADD CONSTRAINT pdf_has_its_hash
    CHECK (length(pdf) > 0 AND sha256 = encode(sha256(pdf), 'hex'));
"""

# Asked at commit, when edition and file are both there: no PDF, no issue.
EDITION_HAS_A_FILE = """
CREATE FUNCTION edition_has_its_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM documents_editionfile f WHERE f.edition_id = NEW.id AND f.sha256 = NEW.sha256) THEN
        RAISE EXCEPTION 'edition % has no PDF with its hash', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER edition_has_its_file AFTER INSERT ON documents_edition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION edition_has_its_file();
"""

# An annulled document is final; a document that was ever issued is never deleted; kind, and what is in force, hold.
DOCUMENT_IS_FINAL = """
CREATE FUNCTION document_keeps_its_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.in_force_id IS NOT NULL THEN
            RAISE EXCEPTION 'an issued document is never deleted' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'annulled' THEN
        RAISE EXCEPTION 'an annulled document never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind <> OLD.kind OR (OLD.in_force_id IS NOT NULL AND NEW.in_force_id IS NULL)
        OR (OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number) THEN
        RAISE EXCEPTION 'kind, number and edition in force of a document hold' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_keeps_its_word BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION document_keeps_its_word();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("common", "0002_history_is_insert_only")]
    operations = [
        forbid("documents_edition"),
        forbid("documents_editionfile"),
        forbid("documents_decision"),
        migrations.RunSQL(HASH_IS_TRUE, "ALTER TABLE documents_editionfile DROP CONSTRAINT pdf_has_its_hash;"),
        migrations.RunSQL(
            EDITION_HAS_A_FILE,
            "DROP TRIGGER edition_has_its_file ON documents_edition; DROP FUNCTION edition_has_its_file();",
        ),
        migrations.RunSQL(
            DOCUMENT_IS_FINAL,
            "DROP TRIGGER document_keeps_its_word ON documents_document; DROP FUNCTION document_keeps_its_word();",
        ),
    ]
