import rules

from .access import is_administrator, is_head, is_office

keepers = is_office | is_administrator

rules.add_perm("accounts.view_people", keepers | is_head)
rules.add_perm("accounts.suggest_people", keepers)
rules.add_perm("accounts.manage_people", keepers)
rules.add_perm("accounts.hand_over", is_office)
rules.add_perm("accounts.manage_institutions", keepers)
rules.add_perm("accounts.manage_bodies", keepers)
rules.add_perm("accounts.manage_substitutions", keepers)
rules.add_perm("accounts.manage_roles", is_administrator)
rules.add_perm("accounts.manage_profile", keepers)
rules.add_perm("accounts.view_mail", keepers)
