from django.urls import include, path

from .views import mail
from .views.appearance import appearance
from .views.health import health

pages = [
    path("mail/", mail.mail, name="mail"),
    path("mail/undelivered/", mail.undelivered, name="undelivered"),
    path("mail/<int:pk>/", mail.letter, name="letter"),
    path("mail/<int:pk>/resend/", mail.mail_resend, name="mail_resend"),
    path("health/", health, name="health"),
]
urlpatterns = [
    path("appearance/", appearance, name="appearance"),
    path("", include((pages, "common"))),
]
