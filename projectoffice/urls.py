"""All addresses of the portal. Every view behind them declares its policy."""
from django.urls import include, path

from projectoffice.documents.views.check import check

from . import home

handler500 = "projectoffice.common.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("start/read/", home.start_read, name="start_read"),
    path("", include("projectoffice.common.urls")),
    path("", include("projectoffice.accounts.urls")),
    path("", include("projectoffice.documents.urls")),
    path("v/<str:code>/", check, name="check"),
    path("", include("portfolios.urls")),
    path("", include("meetings.urls")),
    path("", include("contests.urls")),
]
