"""What the job worker does for this app from time to time."""
from django.utils import timezone

from projectoffice.common.duties import daily

from . import letters
from .models import ImplementationImport, Project, ProjectInstitution
from .services.product import keep_words_of_published


@daily(hour=4)
def forget_unfinished_implementation_imports():
    """What was read from a file and never imported goes after a day."""
    ImplementationImport.objects.outdated().delete()


@daily(hour=4)
def forget_names_in_words_of_products():
    """Who came to the portal after a product was published is not found in it by the surname, without a consent."""
    return keep_words_of_published() or ""


@daily(hour=7)
def tell_of_closed_institutions():
    """An institution was closed while its project goes on: the heads of the project and the portfolio are told, once."""
    rows = ProjectInstitution.objects.filter(
        institution__closed_on__lte=timezone.localdate(), project__in=Project.objects.going_on(), project__archived_at__isnull=True,
    ).select_related("project__head", "project__portfolio__head", "institution")
    for row in rows:
        for person in {row.project.head, row.project.portfolio.head} - {None}:
            letters.institution_closed(row.project, row.institution, person)
