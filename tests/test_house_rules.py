"""Rules of the house that a linter does not know, each with a piece of code it must catch."""
import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("projectoffice", "meetings", "portfolios", "contests")
PYTHON = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
VIEWS = [path for path in PYTHON if "views" in path.parts or path.name in {"views.py", "home.py"}]
SERVICES = [path for path in PYTHON if "services" in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
STATIC = sorted(path for path in (ROOT / "static").rglob("*.*") if path.suffix in {".css", ".js", ".svg", ".html"})

NARROWED = {"visible_to", "belonging_to", "published", "none", "to_score"}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "save", "delete"}
# Where text becomes markup, and why it may: nothing a person typed goes through unescaped.
MARKUP = {
    "projectoffice/common/templatetags/office.py": "drawings of the icon package",
    "projectoffice/common/markup.py": "format_html for many words: each is escaped",
}
# What every page finds in its context (common/context_processors.py), and the one module that gives it itself.
FRAME = {"csp_nonce", "CSP_NONCE", "office", "appearance", "sections", "person_menu"}
GIVES_THE_FRAME = "projectoffice/common/views/errors.py"
# Reads of views that need no narrowing by person, and why.
READ_BY_ALL: dict[tuple[str, str], str] = {
    ("projectoffice/common/history.py", "Event"): "only for those who hold an office-wide role; asked in the view",
    ("projectoffice/home.py", "Contest"): "``public()``: those announced once",
    ("meetings/views/plan.py", "Body"): "the main body is no secret",
    ("meetings/views/plan.py", "MeetingPlan"): "sources of rows, for those who may change plans and so see all",
    ("meetings/views/calendar.py", "CalendarDay"): "the calendar is no secret, and only its keepers get here",
    ("meetings/views/imports.py", "Body"): "the main body is no secret",
    ("meetings/views/plan.py", "Document"): "goes into a Prefetch of plans narrowed by visible_to",
    ("portfolios/views/implementation_plan.py", "Document"): "goes into a Prefetch of plans narrowed by visible_to",
    ("projectoffice/documents/table/views.py", "User"): "names of active people, for those who may change tables",
    ("portfolios/views/imports.py", "ProjectImport"): "one's own",
    ("portfolios/views/passport.py", "Passport"): "read anew after a collision: of a passport found through visible_to",
    ("portfolios/views/public.py", "Portfolio"): "those marked public",
    ("portfolios/views/public.py", "Project"): "``public()``: those marked public",
    ("portfolios/views/public.py", "User"): "whose consent holds, of people the page would name",
    ("contests/views/public.py", "Contest"): "``public()``: those announced once",
    ("contests/views/outcome_read.py", "Contest"): "``public()``: those announced once",
    ("contests/views/outcome_read.py", "Result"): "of a public contest or of an entry found through visible_to; pages show their part of it",
    ("projectoffice/accounts/views/bodies.py", "Membership"): "of a body found through visible_to",
    ("projectoffice/accounts/views/institutions.py", "Post"): "of people found through visible_to",
    ("projectoffice/accounts/views/imports.py", "ImportCheck"): "one's own",
    ("projectoffice/accounts/views/substitutions.py", "Substitution"): "narrowed by visible people",
    ("projectoffice/accounts/views/login.py", "AccessAttempt"): "the counter under the typed name",
    ("projectoffice/accounts/views/me.py", "User"): "oneself",
    ("projectoffice/accounts/views/me.py", "Substitution"): "one's own",
    ("projectoffice/accounts/views/people.py", "Substitution"): "of a person found through visible_to",
    ("projectoffice/accounts/views/person.py", "Consent"): "of a person found through visible_to",
    ("projectoffice/accounts/views/person.py", "RoleAssignment"): "for administrators, who see everybody",
    ("projectoffice/accounts/views/second_key.py", "User"): "oneself",
    ("projectoffice/accounts/views/second_key.py", "TOTPDevice"): "one's own",
}


def source(path):
    return path.read_text(encoding="utf-8")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node
    return tree


def names_in(node):
    """Names read in the whole question that begins here: Model.objects.filter(x__in=Other.objects.visible_to(…))."""
    while True:
        parent = getattr(node, "parent", None)
        if not (isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is node)):
            return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
        node = parent


def called(node):
    """The dotted name of a call's function, as written."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def unnarrowed_reads(text):
    """Objects reach a view only through ``visible_to(user)`` or a read named for the public."""
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "_default_manager"}:
            if not NARROWED & names_in(node):
                yield ast.unparse(node.value)
        elif called(node) in {"get_object_or_404", "get_list_or_404"} and node.args:
            first = node.args[0]
            narrowed = NARROWED & {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
            if isinstance(first, ast.Name) and first.id[:1].isupper() and not narrowed:
                yield first.id


def writes_in_views(text):
    """Views fetch and ask a verb to act; they never write."""
    for node in ast.walk(tree_of(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        words = ast.unparse(node.func)
        if node.func.attr in WRITES and not words.startswith(("request.session", "messages.")):
            yield words
        elif node.func.attr == "update" and ".objects" in words:
            yield words


def names_of_the_frame(text):
    """A page's own word must not hide what the frame around it reads under the same name."""
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and key.value in FRAME)


def raw_questions(text):
    """What stands in an address never becomes a filter or an order by itself."""
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Call):
            loose = [keyword.value for keyword in node.keywords if keyword.arg is None]
            if called(node).endswith(("order_by", "values", "values_list")):
                loose += node.args
            yield from (ast.unparse(value) for value in loose if "request." in ast.unparse(value))


def naive_clocks(text):
    """The office's day and the database's clock, never the server's."""
    for node in ast.walk(tree_of(text)):
        words = called(node)
        if words.endswith(("date.today", "datetime.today", "datetime.utcnow")) or (
            words.endswith("datetime.now") and not node.args and not node.keywords
        ):
            yield words


def markup_from_text(text):
    for node in ast.walk(tree_of(text)):
        if called(node).split(".")[-1] in {"mark_safe", "SafeString", "SafeText"}:
            yield ast.unparse(node)
        elif isinstance(node, ast.Name) and node.id == "SafeString":
            yield node.id
        elif isinstance(node, ast.FunctionDef) and any("safe" in ast.unparse(d) for d in node.decorator_list):
            decorators = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
            if re.search(r"\bmark_safe\b|is_safe\s*=\s*True", decorators):
                yield decorators


HTTP = re.compile(r"^(django\.http|django\.shortcuts|django\.views|django\.contrib\.messages|django_htmx)\b|(?:^|\.)views\b")


def http_in_services(text):
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.ImportFrom) and (HTTP.search(node.module or "") or "views" in {a.name for a in node.names}):
            yield f"from {node.module}"
        elif isinstance(node, ast.Import):
            yield from (f"import {alias.name}" for alias in node.names if HTTP.search(alias.name))
        elif isinstance(node, ast.arg) and node.arg == "request":
            yield "a parameter called request"


def unfinished(text):
    yield from re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b", text)


COMMENTS = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)
INLINE = re.compile(r"""\s(style|on[a-z]{3,})\s*=\s*["'{]|javascript:""", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*(safe|safeseq)\b|autoescape\s+off|\{%\s*filter\s+safe")


def inline_in_templates(text):
    text = COMMENTS.sub("", text)
    yield from (match[0].strip() for match in INLINE.finditer(text))
    for match in SCRIPT.finditer(text):
        if "nonce=" not in match[2] and "application/json" not in match[2]:
            yield match[0]


def unescaped_in_templates(text):
    yield from (match[0] for match in UNESCAPED.finditer(COMMENTS.sub("", text)))


NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")
HOSTS = re.compile(r"""(?:https?:|(?<=["'(]))//[a-z0-9.-]+\.[a-z]{2,}[^\s"')]*""", re.IGNORECASE)


def foreign_hosts(text):
    yield from (match[0] for match in HOSTS.finditer(text) if not match[0].startswith(NAMESPACES))


RULES = {
    "objects reach a view through visible_to": (unnarrowed_reads, VIEWS),
    "views do not write": (writes_in_views, VIEWS),
    "pages leave the frame its names": (names_of_the_frame, VIEWS),
    "addresses are not queries": (raw_questions, PYTHON),
    "no naive clocks": (naive_clocks, PYTHON),
    "no markup from text": (markup_from_text, PYTHON),
    "services know no HTTP": (http_in_services, SERVICES),
    "nothing unfinished": (unfinished, [*PYTHON, *TEMPLATES, *STATIC]),
    "nothing inline in templates": (inline_in_templates, TEMPLATES),
    "nothing unescaped in templates": (unescaped_in_templates, TEMPLATES),
    "no foreign hosts": (foreign_hosts, [*TEMPLATES, *STATIC]),
}


def excused(rule, path, found):
    if rule is markup_from_text:
        return name_of(path) in MARKUP
    if rule is names_of_the_frame:
        return name_of(path) == GIVES_THE_FRAME
    if rule is unnarrowed_reads:
        return (name_of(path), found) in READ_BY_ALL
    return False


def test_no_excuse_outlives_what_it_excused():
    files = {name_of(path): path for path in PYTHON}
    found = {(name, model) for name, path in files.items() for model in unnarrowed_reads(source(path))}
    assert [place for place in READ_BY_ALL if place not in found] == []
    assert [name for name in MARKUP if name not in files or not list(markup_from_text(source(files[name])))] == []


@pytest.mark.parametrize("title", RULES)
def test_the_house_keeps_its_rule(title):
    rule, paths = RULES[title]
    assert paths
    faults = [
        f"{name_of(path)}: {found}" for path in paths for found in rule(source(path)) if not excused(rule, path, found)
    ]
    assert faults == []


CAUGHT = [
    (unnarrowed_reads, "plan = MeetingPlan.objects.get(pk=pk)"),
    (unnarrowed_reads, "plan = MeetingPlan.objects.filter(pk=pk).first()"),
    (unnarrowed_reads, "plan = get_object_or_404(MeetingPlan, pk=pk)"),
    (unnarrowed_reads, "plan = get_object_or_404(MeetingPlan.objects.select_related('body'), pk=pk)"),
    (writes_in_views, "form.save()"),
    (writes_in_views, "Stamp.objects.create(name=name)"),
    (writes_in_views, "plan.delete()"),
    (writes_in_views, "Stamp.objects.filter(pk=1).update(name='')"),
    (names_of_the_frame, "render(request, 'page.html', {'office': True})"),
    (raw_questions, "qs.filter(**request.GET.dict())"),
    (raw_questions, "qs.order_by(request.GET['sort'])"),
    (naive_clocks, "day = date.today()"),
    (naive_clocks, "moment = datetime.datetime.now()"),
    (markup_from_text, "mark_safe(text)"),
    (markup_from_text, "@register.filter(is_safe=True)\ndef f(x): pass"),
    (http_in_services, "from django.http import Http404"),
    (http_in_services, "from ..views import plan"),
    (http_in_services, "def send(request): pass"),
    (unfinished, "# TO" + "DO: later"),
    (inline_in_templates, '<p style="color:red">'),
    (inline_in_templates, '<a onclick="x()">'),
    (inline_in_templates, "<script>alert(1)</script>"),
    (inline_in_templates, "<a href='javascript:x()'>"),
    (unescaped_in_templates, "{{ text|safe }}"),
    (unescaped_in_templates, "{% autoescape off %}"),
    (foreign_hosts, '<script src="https://cdn.example.com/x.js">'),
    (foreign_hosts, "@import url(//fonts.example.com/css);"),
]
PASSED = [
    (unnarrowed_reads, "plan = get_object_or_404(MeetingPlan.objects.visible_to(request.user), pk=pk)"),
    (unnarrowed_reads, "plans = MeetingPlan.objects.select_related('body').visible_to(request.user)"),
    (writes_in_views, "request.session.save()\ncontext.update(x=1)"),
    (naive_clocks, "datetime.now(UTC)"),
    (inline_in_templates, '<script src="{% static \'x.js\' %}" nonce="{{ csp_nonce }}"></script><p class="style">'),
    (unescaped_in_templates, "{{ text|safely_cut }}"),
    (foreign_hosts, '<svg xmlns="http://www.w3.org/2000/svg">'),
]


@pytest.mark.parametrize(("rule", "text"), CAUGHT)
def test_a_rule_catches_what_it_is_for(rule, text):
    assert list(rule(text))


@pytest.mark.parametrize(("rule", "text"), PASSED)
def test_a_rule_lets_pass_what_is_right(rule, text):
    assert list(rule(text)) == []


def test_tests_do_not_mock_our_own_code():
    faults = [name_of(path) for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__).resolve()
              and re.search(r"^\s*(?:from|import) (?:unittest\.)?mock\b|unittest import mock|MagicMock", source(path), re.MULTILINE)]
    assert faults == []
