"""What the views of this app share: fetching what is visible, and telling a verb's refusal."""
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404

from projectoffice.accounts.access import may
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed

from ..models import Document
from ..models.document import kind_of
from ..route import with_papers
from ..workflow import is_person


def readable(request, pk):
    """The document this person may read in some form; 404 otherwise."""
    documents = Document.objects.visible_to(request.user, *kind_of(pk)).select_related("body")
    return get_object_or_404(with_papers(documents, through=""), pk=pk)


def working(request, pk):
    """The document whose working state this person may see; 403 for readers of what is in force."""
    document = readable(request, pk)
    if not may(request.user, "documents.read_working", document):
        raise PermissionDenied("documents.read_working")
    return document


def for_verb(request, pk, *verbs):
    """The document, when this person is one who may do one of these verbs at some moment; 403 otherwise."""
    document = readable(request, pk)
    if not any(is_person(document, verb, request.user) for verb in verbs):
        raise PermissionDenied(verbs[0])
    return document


def posted(request):
    """Data and files for a form: bound by the method, so that an empty form sent is answered and not shown anew."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def attempt(request, act, form=None):
    """Run a verb. True when done; a refusal becomes a message, or stands beside the fields of ``form``."""
    try:
        act()
    except (TransitionNotAllowed, StaleVersion) as refusal:
        messages.warning(request, str(refusal))
    except ValidationError as error:
        tell(request, error, form)
    else:
        return True
    return False


def tell(request, error, form):
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, sentences in found.items():
        for sentence in sentences:
            if form is not None:
                form.add_error(name if name in form.fields else None, sentence)
            else:
                messages.warning(request, sentence)
