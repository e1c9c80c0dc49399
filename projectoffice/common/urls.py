from django.urls import include, path

from .views import jobs, mail
from .views.appearance import appearance
from .views.health import health

pages = [
    path("mail/", mail.mail, name="mail"),
    path("mail/undelivered/", mail.undelivered, name="undelivered"),
    path("mail/<int:pk>/", mail.letter, name="letter"),
    path("mail/<int:pk>/resend/", mail.mail_resend, name="mail_resend"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
    path("jobs/<int:pk>/again/", jobs.job_again, name="job_again"),
    path("health/", health, name="health"),
]
urlpatterns = [
    path("appearance/", appearance, name="appearance"),
    path("", include((pages, "common"))),
]
