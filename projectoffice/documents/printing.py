"""Between a document and the renderer: which code, address and marks go on which sheet."""
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.mail import absolute

from .models import Stamp
from .sheet import Rendered, render_pdf
from .snapshot import take_snapshot


def check_url(code):
    return absolute(reverse("check", args=[code]))


def draft_sheet(document):
    """The live content with the watermark «ПРОЕКТ»."""
    return render_pdf(take_snapshot(document), mode="draft")


def ink_sheet(document, snapshot):
    """The sheet that goes to be signed in ink: empty signature lines, QR, short address."""
    return render_pdf(snapshot, mode="ink", code=document.coming_code, check_url=check_url(document.coming_code))


def issued_sheet(document, snapshot, decisions):
    """The sheet with the marks of electronic decisions; stamps signed in ink keep their blank lines."""
    marks = [mark(decision) for decision in decisions if decision.method == Stamp.Method.ELECTRONIC]
    code = document.coming_code
    return render_pdf(snapshot, mode="issued", marks=marks, code=code, check_url=check_url(code))


def mark(decision):
    """What a simple electronic signature leaves on paper; it is not the frame of a qualified certificate."""
    return {
        "stamp": str(decision.stamp.uid),
        "name": decision.name,
        "post": decision.post,
        "moment": f"{timezone.localtime(decision.moment):%d.%m.%Y %H:%M}",
        "record": f"{decision.pk}",
    }


def stored(sheet):
    """The bytes of a sheet for signature, as they are."""
    return Rendered.of(bytes(sheet.pdf), sheet.pages)
