import rules

from projectoffice.accounts.access import is_office

rules.add_perm("meetings.change_plan", is_office)
rules.add_perm("meetings.change_calendar", is_office)
