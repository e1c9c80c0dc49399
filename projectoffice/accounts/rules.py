import rules

from .access import is_administrator, is_office

rules.add_perm("accounts.manage_people", is_office | is_administrator)
rules.add_perm("accounts.manage_institutions", is_office | is_administrator)
rules.add_perm("accounts.manage_bodies", is_office | is_administrator)
rules.add_perm("accounts.manage_roles", is_administrator)
rules.add_perm("accounts.manage_profile", is_office | is_administrator)
rules.add_perm("accounts.view_mail", is_office | is_administrator)
