"""The addresses of the portal and the floor page; used by ``manage.py bench`` alone."""
from django.urls import include, path

from .benchmark import FLOOR, floor

urlpatterns = [path(FLOOR.lstrip("/"), floor, name="floor"), path("", include("projectoffice.urls"))]
