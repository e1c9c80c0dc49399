"""A plan as the linter reads it (meetings/linter.py knows no database)."""
from projectoffice.documents.table.drafts import calendar_of, known_people, responsibles_of

from .linter import DraftRow, DraftStamp, PlanDraft, lint


def remarks_on(plan, items, stamps):
    """All remarks of the linter on a plan whose rows (with responsibles) and stamps are given."""
    draft = draft_of(plan, items, stamps)
    return lint(draft, period=(plan.period_start, plan.period_end), holidays=calendar_of(plan),
                known_people=known_people(draft.rows))


def draft_of(plan, items, stamps):
    return PlanDraft(
        rows=[DraftRow(item.uid, item.label, item.topics, item.term, responsibles_of(item), item.section) for item in items],
        # Whether a signer can sign the chosen way is judged by the route, for every kind of document.
        stamps=[DraftStamp(stamp.kind, stamp.get_kind_display(), stamp.name) for stamp in stamps],
        title=plan.title.splitlines(),
        source_years=plan.source_years,
    )
