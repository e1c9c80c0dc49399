"""An implementation plan as its linter reads it (portfolios/linter.py knows no database)."""
from projectoffice.documents.table.drafts import active_or_typed, calendar_of, known_people
from projectoffice.documents.table.linting import DraftResponsible

from .linter import DraftActivity, lint


def remarks_on(plan, rows, stamps):
    """All remarks on a plan whose rows (with responsibles) are given. Its stamps may be none."""
    drafts = [DraftActivity(row.uid, row.label, row.activity, row.term, row.count, people_of(row), row.section) for row in rows]
    return lint(drafts, title=plan.title, period=(plan.period_start, plan.period_end), calendar=calendar_of(plan),
                known_people=known_people(drafts))


def people_of(row):
    """By the name alone: one person with two phones is one question."""
    return [DraftResponsible(one.name or one.text, active_or_typed(one.person)) for one in row.responsibles.all()]
