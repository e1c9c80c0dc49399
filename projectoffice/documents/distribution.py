"""To whom a document goes: people and addresses, each once. Reads only."""
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from projectoffice.accounts.models import Institution, User

MOST = 1000


@dataclass(frozen=True)
class Addressee:
    """One letter: where it goes, who is meant, why."""

    address: str
    name: str
    why: str
    person: User | None = None


@dataclass(frozen=True)
class Recipients:
    addressees: list
    without_address: list


def recipients(document, *, responsibles=False, members=False, institutions=(), addresses=""):
    """The list to be shown before sending; whoever has no address stands apart, to be phoned."""
    wanted = []
    if responsibles:
        wanted += [(person.email, str(person), "ответственный", person) for person in document.spec.responsibles(document)]
    if members and document.body:
        current = document.body.memberships.current().select_related("person")
        wanted += [(each.person.email, str(each.person), "член органа", each.person) for each in current]
    if institutions:
        kinds = ["" if kind == "-" else kind for kind in institutions]
        wanted += [(each.email, str(each), "учреждение", None) for each in Institution.objects.open().filter(kind__in=kinds)]
    wanted += [(address, address, "адрес", None) for address in typed(addresses)]
    if len(wanted) > MOST:
        raise ValidationError(f"Получилось больше {MOST} адресатов. Разошлите по частям.")
    return each_once(wanted)


def each_once(wanted):
    found, without = {}, {}
    for address, name, why, person in wanted:
        if address:
            found.setdefault(address.lower(), Addressee(address, name, why, person))
        else:
            without.setdefault(name, f"{name} ({why})")
    return Recipients(list(found.values()), list(without.values()))


def typed(text):
    """Addresses as typed, by commas, semicolons or lines; a wrong one is named."""
    addresses = [part for part in re.split(r"[,;\s]+", text) if part]
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError({"addresses": f"Проверьте адрес «{address[:80]}»."}) from None
    return addresses
