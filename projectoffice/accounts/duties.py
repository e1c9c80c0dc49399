"""What the job worker forgets for this app: tokens that expired, tables that were checked, failures of logging in."""
from datetime import timedelta

from axes.models import AccessAttempt, AccessLog

from projectoffice.common.db import now
from projectoffice.common.duties import daily

from .models import ImportCheck, LoginLink

LINKS_LIVE = timedelta(days=7)
CHECKS_LIVE = timedelta(days=1)
REPORTS_LIVE = timedelta(days=30)
FAILURES_LIVE = timedelta(days=1)
LOGINS_LIVE = timedelta(days=180)


@daily(hour=3)
def forget_old_login_links():
    return LoginLink.objects.filter(expires_at__lt=now() - LINKS_LIVE).delete()[0]


@daily(hour=3)
def forget_checked_tables():
    """Names and mailboxes of a file nobody imported go after a day, the reports of imported ones after a month."""
    moment = now()
    unused = ImportCheck.objects.filter(applied_at__isnull=True, created_at__lt=moment - CHECKS_LIVE).delete()[0]
    return unused + ImportCheck.objects.filter(applied_at__lt=moment - REPORTS_LIVE).delete()[0]


@daily(hour=3)
def forget_who_tried_to_log_in():
    moment = now()
    failures = AccessAttempt.objects.filter(attempt_time__lt=moment - FAILURES_LIVE).delete()[0]
    return failures + AccessLog.objects.filter(attempt_time__lt=moment - LOGINS_LIVE).delete()[0]
