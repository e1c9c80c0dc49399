"""Consent to publication of one's name: given and revoked by the person or, on paper, recorded by staff."""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..access import require
from ..models import Consent, OfficeProfile

DEFAULT_TEXT = (
    "Я согласен (согласна), чтобы мои фамилия, имя, отчество и должность были показаны на открытых страницах "
    "портала. Согласие действует до отзыва; отозвать его можно в любой день."
)


def consent_text():
    """The words of today; each Consent keeps the words it was given with."""
    return OfficeProfile.load().consent_text.strip() or DEFAULT_TEXT


@transaction.atomic
def give_consent(person, *, by, shown_text):
    """The person agrees to exactly the text that was shown. Given twice, the second call changes nothing."""
    if by.pk != person.pk:
        raise PermissionDenied("Consent on the portal is given by its person.")
    person = locked(person)
    in_force = person.consents.filter(revoked_on__isnull=True).first()
    if in_force:
        return in_force
    text = consent_text()
    if shown_text != text:
        raise ValidationError("Текст согласия изменился. Прочитайте его ещё раз.")
    consent = Consent.objects.create(person=person, text=text, given_on=timezone.localdate(), recorded_by=by)
    record("give_consent", person, "Дано согласие на публикацию имени", by=by)
    return consent


@transaction.atomic
def record_consent(person, *, by, given_on, scan=None):
    """Staff record a consent given on paper, with its scan when there is one."""
    require(by, "accounts.manage_people")
    person = locked(person)
    if given_on > timezone.localdate():
        raise ValidationError({"given_on": "Эта дата ещё не наступила."})
    if person.consents.filter(revoked_on__isnull=True).exists():
        raise ValidationError("Согласие уже действует. Сначала отметьте отзыв прежнего.")
    consent = Consent.objects.create(
        person=person, text=consent_text(), given_on=given_on, on_paper=True, scan=scan, recorded_by=by
    )
    record("record_consent", person, f"Внесено согласие на бумаге от {given_on:%d.%m.%Y}", by=by, on_behalf_of=person)
    return consent


@transaction.atomic
def revoke_consent(person, *, by):
    """Revoke from today: the person, or staff by the person's letter. Public pages hide the name at once."""
    if by.pk != person.pk:
        require(by, "accounts.manage_people")
    person = locked(person)
    consent = person.consents.filter(revoked_on__isnull=True).first()
    if consent is None:
        return None
    consent.revoked_on = timezone.localdate()
    consent.save(update_fields=["revoked_on"])
    record("revoke_consent", person, "Согласие на публикацию имени отозвано", by=by,
           on_behalf_of=None if by.pk == person.pk else person)
    return consent
