"""Search across the protocols in force."""
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from projectoffice.common.policy import SIGNED_IN, policy

from ..forms.search import SearchForm
from ..protocol import search as looking


@policy(SIGNED_IN)
@require_safe
def search(request):
    """Questions, decisions and assignments this person may read, by words and filters."""
    form = SearchForm(request.GET or None, user=request.user)
    asked = form.asked() if form.is_bound else None
    if asked is None or asked.is_empty:
        return render(request, "meetings/search.html", {"form": form})
    results = looking.results(request.user, asked, page_number(request))
    chosen = chosen_words(form)
    return render(request, "meetings/search.html", {
        "form": form,
        "results": results,
        "by_rank": bool(asked.words),
        "chosen": [{"label": label, "url": address([pair for pair in chosen if pair[0] != name])}
                   for name, label in ((name, label_of(form, name)) for name, _ in chosen)],
        "next_url": address([*chosen, ("page", results.page + 1)]) if results.has_more else "",
    })


def page_number(request):
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def chosen_words(form):
    """The fields in use as pairs for an address, as they were typed."""
    return [(name, form.data[name]) for name in form.fields if form.cleaned_data.get(name)]


def address(pairs):
    return f"?{urlencode(pairs)}"


def label_of(form, name):
    field, value = form.fields[name], form.cleaned_data[name]
    if value is True:
        return field.label
    words = dict(field.choices).get(value, value) if name == "kind" else value
    return f"{field.label}: {words}"
