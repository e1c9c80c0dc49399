import rules

from projectoffice.accounts.access import is_office
from projectoffice.documents.models import Document
from projectoffice.documents.route import deciding_for

from .models import Project
from .reading import kept_by

_PAPERS = {
    "implementation_plan": lambda document: document.implementation_plan.project,
}


def project_of(obj):
    """The project a right is asked about: itself, or the one its paper tells of; None for the question in general."""
    if isinstance(obj, Document):
        return _PAPERS[obj.kind](obj) if obj.kind in _PAPERS else None
    return obj if isinstance(obj, Project) else None


@rules.predicate
def keeps_the_project(user, obj):
    """Heads the project or keeps it on the portal, oneself or acting; asked in general: any project."""
    kept = Project.objects.filter(kept_by(deciding_for(user)))
    if obj is None:
        return kept.exists()
    project = project_of(obj)
    return project is not None and kept.filter(pk=project.pk).exists()


rules.add_perm("portfolios.change_implementation_plan", is_office | keeps_the_project)
rules.add_perm("portfolios.create_city_plan", is_office)
