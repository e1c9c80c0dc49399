import rules

from projectoffice.accounts.access import is_administrator, is_head, is_office, may

from . import route
from .models import Document, Stamp


@rules.predicate
def decides_open_stamp(user, document):
    """General question: may one ever decide (everybody signed in may be asked); with a document: is it my turn."""
    if document is None:
        return True
    return any(route.may_be_decided_by(stamp, user) for stamp in route.open_stamps(document))


@rules.predicate
def is_asked(user, document):
    """A signer of a document on the route, one's own turn or not: reads what will have to be signed."""
    return (
        document is not None
        and document.state == Document.State.IN_APPROVAL
        and any(route.may_be_decided_by(stamp, user) for stamp in route.active_stamps(document))
    )


@rules.predicate
def changes_this_kind(user, document):
    return document is not None and may(user, document.spec.change_permission, document)


@rules.predicate
def reads_this_kind(user, document):
    """Whom the kind lets read what is being prepared: the chair a draft of the protocol."""
    return document is not None and document.spec.reads_working(user, document)


@rules.predicate
def holds_the_approvers_right(user, document):
    """The signer of the approve stamp or who acts for that person; a head where nobody else approves.

    Who proposed the annulment confirms nothing, so the only approver's own proposal goes to the heads.
    """
    if document is None:
        return is_head(user)
    approvers = {stamp.signer_id for stamp in route.active_stamps(document) if stamp.kind == Stamp.Kind.APPROVE} - {None}
    if approvers & route.deciding_for(user):
        return True
    return is_head(user) and not approvers - {each.proposed_by_id for each in document.annulments.all() if each.is_open}


rules.add_perm("documents.view_register", rules.is_authenticated)
rules.add_perm("documents.read_working", is_office | is_head | is_administrator | is_asked | changes_this_kind | reads_this_kind)
rules.add_perm("documents.decide", rules.is_authenticated & decides_open_stamp)
rules.add_perm("documents.record_ink", is_office)
rules.add_perm("documents.register_archive", is_office)
rules.add_perm("documents.publish", is_office)
rules.add_perm("documents.distribute", is_office)
rules.add_perm("documents.propose_annulment", is_office | is_head)
rules.add_perm("documents.record_annulment", is_office)
rules.add_perm("documents.confirm_annulment", holds_the_approvers_right)
rules.add_perm("documents.print_folder", is_office)
rules.add_perm("documents.remind", is_office)
