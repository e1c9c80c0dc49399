"""A plan as the linter reads it (``linter.py`` knows no database)."""
from projectoffice.accounts.names import people_called
from projectoffice.common.calendar import ProductionCalendar
from projectoffice.common.models import CalendarDay

from .linter import DraftResponsible, DraftRow, DraftStamp, PlanDraft, lint, name_key


def remarks_on(plan, items, stamps):
    """All remarks of the linter on a plan whose rows (with responsibles) and stamps are given."""
    draft = draft_of(plan, items, stamps)
    return lint(draft, period=(plan.period_start, plan.period_end), holidays=calendar_of(plan),
                known_people=known_people(draft))


def draft_of(plan, items, stamps):
    return PlanDraft(
        rows=[DraftRow(item.uid, item.label, item.topics, item.term, [responsible_of(one) for one in item.responsibles.all()],
                      item.section)
              for item in items],
        # Whether a signer can sign the chosen way is judged by the route, for every kind of document.
        stamps=[DraftStamp(stamp.kind, stamp.get_kind_display(), stamp.name) for stamp in stamps],
        title=plan.title.splitlines(),
        source_years=plan.source_years,
    )


def responsible_of(one):
    active = None if one.person is None else one.person.is_active and one.person.left_on is None
    return DraftResponsible(one.text, active)


def calendar_of(plan):
    days = CalendarDay.objects.filter(date__range=(plan.period_start, plan.period_end))
    return ProductionCalendar({day.date: day.is_off for day in days})


def known_people(draft):
    """Names of active people, asked for only when a typed name has to be compared with them."""
    typed = [one.text for row in draft.rows for one in row.responsible if one.active is None]
    surnames = {key[0] for text in typed if (key := name_key(text))}
    return [person.short_name for person in people_called(surnames)] if surnames else []
