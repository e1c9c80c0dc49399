"""Entries of the person's menu for the pages all documents share."""
from projectoffice.accounts.access import may
from projectoffice.common.menu import adds_to_menu

adds_to_menu("Ждут моего решения", "documents:inbox")
adds_to_menu("Реестр документов", "documents:register")
adds_to_menu("На подпись", "documents:to_sign", lambda user: may(user, "documents.record_ink"))
