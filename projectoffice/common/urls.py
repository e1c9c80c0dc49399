from django.urls import path

from .views.appearance import appearance

urlpatterns = [
    path("appearance/", appearance, name="appearance"),
]
