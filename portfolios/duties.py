"""What the job worker does for this app from time to time."""
from projectoffice.common.duties import daily

from .models import ImplementationImport


@daily(hour=4)
def forget_unfinished_implementation_imports():
    """What was read from a file and never imported goes after a day."""
    ImplementationImport.objects.outdated().delete()
