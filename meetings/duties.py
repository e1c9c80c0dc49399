"""What the job worker does for this app from time to time."""
from projectoffice.common.duties import daily

from .models import PlanImport
from .services.reminders import remind_of_assignments  # noqa: F401


@daily(hour=4)
def forget_unfinished_imports():
    """What was read from a file and never imported goes after a day."""
    PlanImport.objects.outdated().delete()
