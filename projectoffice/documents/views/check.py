"""/v/<code>/: anybody with the paper in hand asks whether it is in force."""
import hashlib

from axes.helpers import get_client_ip_address
from django.shortcuts import render

from projectoffice.common.policy import PUBLIC, policy
from projectoffice.common.throttle import too_many

from ..checking import answer_to, comparison_with
from ..forms import CompareFileForm
from .common import posted

A_MINUTE = 30


@policy(PUBLIC)
def check(request, code):
    """What the code means today; a PDF sent along is compared by its sum alone and never opened."""
    if too_many("check", get_client_ip_address(request), most=A_MINUTE):
        response = render(request, "documents/check_too_many.html", status=429)
        response["Retry-After"] = "60"
        return response
    answer = answer_to(code)
    if answer is None:
        return render(request, "documents/check_unknown.html", status=404)
    form = CompareFileForm(*posted(request))
    verdict = None
    if request.method == "POST" and form.is_valid():
        verdict = comparison_with(answer, sum_of(form.cleaned_data["file"]))
    return render(request, "documents/check.html", {"answer": answer, "form": form, "verdict": verdict})


def sum_of(uploaded):
    digest = hashlib.sha256()
    for chunk in uploaded.chunks():
        digest.update(chunk)
    return digest.hexdigest()
