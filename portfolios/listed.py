"""What every list of this app has: its filters as words of an address, and fifty rows at a time."""
from urllib.parse import urlencode

from django.urls import reverse

from projectoffice.common.text import showable

STEP = 50
MOST_EXPORTED = 20_000


class Listed:
    """A list made from ``query`` of an address by ``form``, a form of filters; ``total`` and rows are the list's own."""

    query: object
    sort = ""
    named: tuple = ()  # fields whose choices are told by their words
    kept: tuple = ()  # pairs the address of the file keeps beside the filters
    along: tuple = ()  # pairs the address of the next rows keeps

    def read(self, form):
        form.is_valid()
        self.form = form
        self.words = {name: form.cleaned_data.get(name) for name in form.fields}

    @property
    def asked_page(self):
        text = self.query.get("page", "1")
        return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1

    @property
    def page(self):
        """A page behind the last is the last."""
        return min(self.asked_page, last_page(self.total))

    @property
    def shown(self):
        return min(self.page * STEP, self.total)

    @property
    def used(self):
        """The filters in use as pairs for an address."""
        return [(name, address_word(value)) for name, value in self.words.items() if value]

    @property
    def export_query(self):
        return urlencode([*self.used, *self.kept])

    @property
    def next_url(self):
        order = [("sort", self.sort)] if self.sort else []
        return f"?{urlencode([*self.used, *order, *self.along, ('page', self.page + 1)])}" if self.shown < self.total else ""

    @property
    def chosen(self):
        return [{"label": self.label(name, self.words[name]),
                 "url": f"?{urlencode([pair for pair in self.used if pair[0] != name])}"} for name, _ in self.used]

    def label(self, name, value):
        if value is True:
            return self.form.fields[name].label
        choices = dict(self.form.fields[name].choices) if name in self.named else {}
        title = "Поиск" if name == "q" else self.form.fields[name].label
        return f"{title}: {showable(choices.get(value, value))}"


def last_page(total):
    return max(1, -(-total // STEP))


def addresses(name):
    """``pk -> address`` of one page's objects, asked for once: for each row ``reverse`` takes as long as to draw it."""
    before, after = reverse(name, args=[0]).rsplit("0", 1)
    return lambda pk: f"{before}{pk}{after}"


def place_of(page):
    """The slice of a page."""
    return slice((page - 1) * STEP, page * STEP)


def address_word(value):
    if value is True:
        return "on"
    return getattr(value, "pk", value)
