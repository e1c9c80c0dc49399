import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

if not os.environ.get("DATABASE_URL"):
    raise ImproperlyConfigured("DATABASE_URL is not set: the web server never starts a database of its own.")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "projectoffice.settings")
application = get_wsgi_application()
