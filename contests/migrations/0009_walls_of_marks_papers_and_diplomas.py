import django.db.models.deletion
from django.db import migrations, models

# A sheet begins as a draft and is compared with its paper once; once results are out only paper gets in. A mark stays
# where it was written and belongs to the nomination and round of its review. What a review is of, and a diploma that
# was made, never change.
SHEETS = """
CREATE FUNCTION sheet_begins_as_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' OR NEW.checked_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'a score sheet begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_begins_as_a_draft BEFORE INSERT ON contests_scoresheet FOR EACH ROW EXECUTE FUNCTION sheet_begins_as_a_draft();
CREATE FUNCTION sheet_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' AND NEW.state = 'voided' THEN
        RAISE EXCEPTION 'only a score sheet that is in is voided' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.checked_by_id IS DISTINCT FROM NEW.checked_by_id
       AND (OLD.checked_by_id IS NOT NULL OR OLD.state <> 'submitted' OR NEW.state <> 'submitted') THEN
        RAISE EXCEPTION 'a score sheet that is in is compared with its paper once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'submitted' AND NEW.recorded_by_id IS NULL AND (
        SELECT c.state FROM contests_review r JOIN contests_entry e ON e.id = r.entry_id JOIN contests_contest c ON c.id = e.contest_id
        WHERE r.id = NEW.review_id) = 'finished' THEN
        RAISE EXCEPTION 'the results are out, only paper is keyed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_goes_its_way BEFORE UPDATE ON contests_scoresheet FOR EACH ROW EXECUTE FUNCTION sheet_goes_its_way();
CREATE FUNCTION review_is_of_one_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a review stays with its work, its expert and its round' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER review_is_of_one_work BEFORE UPDATE ON contests_review FOR EACH ROW
    WHEN ((OLD.entry_id, OLD.expert_id, OLD.round) IS DISTINCT FROM (NEW.entry_id, NEW.expert_id, NEW.round))
    EXECUTE FUNCTION review_is_of_one_work();
"""
SHEETS_BACK = """
DROP TRIGGER review_is_of_one_work ON contests_review;
DROP FUNCTION review_is_of_one_work();
DROP TRIGGER sheet_goes_its_way ON contests_scoresheet;
DROP FUNCTION sheet_goes_its_way();
DROP TRIGGER sheet_begins_as_a_draft ON contests_scoresheet;
DROP FUNCTION sheet_begins_as_a_draft();
"""

MARKS = """
CREATE OR REPLACE FUNCTION mark_of_a_draft_in_its_scale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scale record;
    sheet record;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.sheet_id, OLD.criterion_id) IS DISTINCT FROM (NEW.sheet_id, NEW.criterion_id) THEN
        RAISE EXCEPTION 'a mark stays in its sheet and under its criterion' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT s.state, r.round, e.nomination_id INTO sheet
    FROM contests_scoresheet s JOIN contests_review r ON r.id = s.review_id JOIN contests_entry e ON e.id = r.entry_id
    WHERE s.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
    IF sheet.state <> 'draft' THEN
        RAISE EXCEPTION 'the score sheet is in' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT maximum, has_halves, round, nomination_id INTO scale FROM contests_criterion WHERE id = NEW.criterion_id;
    IF (scale.round, scale.nomination_id) IS DISTINCT FROM (sheet.round, sheet.nomination_id) THEN
        RAISE EXCEPTION 'a mark belongs to the nomination and round of its review' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.mark > scale.maximum OR NEW.mark <> trunc(NEW.mark) AND NOT (scale.has_halves AND NEW.mark * 2 = trunc(NEW.mark * 2)) THEN
        RAISE EXCEPTION 'a mark leaves its scale' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
MARKS_BACK = """
CREATE OR REPLACE FUNCTION mark_of_a_draft_in_its_scale() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

DIPLOMAS = """
CREATE TRIGGER diploma_immutable BEFORE UPDATE OR DELETE ON contests_diploma FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER diploma_not_emptied BEFORE TRUNCATE ON contests_diploma FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DIPLOMAS_BACK = "DROP TRIGGER diploma_not_emptied ON contests_diploma; DROP TRIGGER diploma_immutable ON contests_diploma;"


class Migration(migrations.Migration):
    dependencies = [("contests", "0008_papers_that_stay_good_keep_their_code")]

    operations = [
        migrations.AlterField(
            model_name="diploma", name="award",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="diplomas", to="contests.award")),
        migrations.AlterModelOptions(name="diploma", options={"ordering": ["-pk"]}),
        migrations.RunSQL(SHEETS, SHEETS_BACK),
        migrations.RunSQL(MARKS, MARKS_BACK),
        migrations.RunSQL(DIPLOMAS, DIPLOMAS_BACK),
    ]
