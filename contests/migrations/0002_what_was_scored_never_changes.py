from django.db import migrations

# The second wall behind the verbs. What was submitted, checked, published or awarded never changes; the structure of a
# contest changes while it is being set up; a sheet that is in is voided and nothing else; a mark stays in its scale.
FROZEN = ["entrysubmission", "technicalcheck", "result", "award"]
IMMUTABLE = [
    (
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON contests_{table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON contests_{table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_not_emptied ON contests_{table}; DROP TRIGGER {table}_immutable ON contests_{table};",
    )
    for table in FROZEN
]

STRUCTURE = """
CREATE FUNCTION contest_is_set_up(contest bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT COALESCE((SELECT state = 'setup' FROM contests_contest WHERE id = contest), true)
$$;
CREATE FUNCTION part_of_a_set_up_contest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    contest bigint;
BEGIN
    IF TG_TABLE_NAME IN ('contests_nomination', 'contests_tierule', 'contests_awardlevel') THEN
        contest := part.contest_id;
    ELSIF TG_TABLE_NAME IN ('contests_entryfield', 'contests_criterion') THEN
        SELECT n.contest_id INTO contest FROM contests_nomination n WHERE n.id = part.nomination_id;
    ELSE
        SELECT n.contest_id INTO contest FROM contests_criterion c JOIN contests_nomination n ON n.id = c.nomination_id
        WHERE c.id = part.criterion_id;
    END IF;
    IF NOT contest_is_set_up(contest) THEN
        RAISE EXCEPTION 'the contest is announced, its structure is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN part;
END $$;
CREATE FUNCTION contest_keeps_its_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'setup' AND NEW.state <> 'setup' AND
       (OLD.experts_per_entry, OLD.combining, OLD.pass_mark, OLD.divergence, OLD.rounds, OLD.onsite_share, OLD.public_weight, OLD.votes_each,
        OLD.is_blind, OLD.shows_others, OLD.asks_panel_comment, OLD.needs_signed_scan) IS DISTINCT FROM
       (NEW.experts_per_entry, NEW.combining, NEW.pass_mark, NEW.divergence, NEW.rounds, NEW.onsite_share, NEW.public_weight, NEW.votes_each,
        NEW.is_blind, NEW.shows_others, NEW.asks_panel_comment, NEW.needs_signed_scan) THEN
        RAISE EXCEPTION 'the contest is announced, its rules are closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contest_keeps_its_rules BEFORE UPDATE ON contests_contest FOR EACH ROW EXECUTE FUNCTION contest_keeps_its_rules();
"""
PARTS = ["nomination", "tierule", "awardlevel", "entryfield", "criterion", "criterionlevel"]
STRUCTURE += "".join(
    f"CREATE TRIGGER {part}_of_a_set_up_contest BEFORE INSERT OR UPDATE OR DELETE ON contests_{part} "
    "FOR EACH ROW EXECUTE FUNCTION part_of_a_set_up_contest();\n" for part in PARTS)
STRUCTURE_BACK = "".join(f"DROP TRIGGER {part}_of_a_set_up_contest ON contests_{part};\n" for part in PARTS) + """
DROP TRIGGER contest_keeps_its_rules ON contests_contest;
DROP FUNCTION contest_keeps_its_rules();
DROP FUNCTION part_of_a_set_up_contest();
DROP FUNCTION contest_is_set_up(bigint);
"""

SHEETS = """
CREATE FUNCTION sheet_in_is_only_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a score sheet is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'voided' OR OLD.state = 'submitted' AND (
        NEW.state = 'draft' OR (OLD.review_id, OLD.comment, OLD.panel_comment, OLD.submitted_at, OLD.source, OLD.source_date,
                                OLD.source_file_id, OLD.recorded_by_id)
        IS DISTINCT FROM (NEW.review_id, NEW.comment, NEW.panel_comment, NEW.submitted_at, NEW.source, NEW.source_date,
                          NEW.source_file_id, NEW.recorded_by_id)) THEN
        RAISE EXCEPTION 'a score sheet that is in can only be voided' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_in_is_only_voided BEFORE UPDATE OR DELETE ON contests_scoresheet
    FOR EACH ROW EXECUTE FUNCTION sheet_in_is_only_voided();
CREATE FUNCTION mark_of_a_draft_in_its_scale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scale record;
BEGIN
    IF (SELECT state FROM contests_scoresheet WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.sheet_id ELSE OLD.sheet_id END) <> 'draft' THEN
        RAISE EXCEPTION 'the score sheet is in' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT maximum, has_halves INTO scale FROM contests_criterion WHERE id = NEW.criterion_id;
    IF NEW.mark > scale.maximum OR NEW.mark <> trunc(NEW.mark) AND NOT (scale.has_halves AND NEW.mark * 2 = trunc(NEW.mark * 2)) THEN
        RAISE EXCEPTION 'a mark leaves its scale' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mark_of_a_draft_in_its_scale BEFORE INSERT OR UPDATE OR DELETE ON contests_score
    FOR EACH ROW EXECUTE FUNCTION mark_of_a_draft_in_its_scale();
CREATE FUNCTION vote_is_only_annulled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.annulled_at IS NOT NULL
       OR (OLD.member_id, OLD.entry_id, OLD.at) IS DISTINCT FROM (NEW.member_id, NEW.entry_id, NEW.at) THEN
        RAISE EXCEPTION 'a vote is only annulled' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_is_only_annulled BEFORE UPDATE OR DELETE ON contests_juryvote FOR EACH ROW EXECUTE FUNCTION vote_is_only_annulled();
"""
SHEETS_BACK = """
DROP TRIGGER vote_is_only_annulled ON contests_juryvote;
DROP FUNCTION vote_is_only_annulled();
DROP TRIGGER mark_of_a_draft_in_its_scale ON contests_score;
DROP FUNCTION mark_of_a_draft_in_its_scale();
DROP TRIGGER sheet_in_is_only_voided ON contests_scoresheet;
DROP FUNCTION sheet_in_is_only_voided();
"""


class Migration(migrations.Migration):
    dependencies = [("contests", "0001_contests_from_rules_to_results"), ("common", "0002_history_is_insert_only")]

    operations = [
        *(migrations.RunSQL(*each) for each in IMMUTABLE),
        migrations.RunSQL(STRUCTURE, STRUCTURE_BACK),
        migrations.RunSQL(SHEETS, SHEETS_BACK),
    ]
