from django.urls import path

from .views import login, me, people, second_key

app_name = "accounts"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("login/link/", login.login_link, name="login_link"),
    path("login/link/<slug:token>/", login.login_link_use, name="login_link_use"),
    path("login/key/", login.second_key, name="second_key"),
    path("invitation/<slug:token>/", login.invitation, name="invitation"),
    path("me/", me.me, name="me"),
    path("me/edit/", me.me_edit, name="me_edit"),
    path("me/password/", me.password, name="password"),
    path("me/consent/", me.consent, name="consent"),
    path("me/key/", second_key.second_key_setup, name="second_key_setup"),
    path("me/key/begin/", second_key.second_key_begin, name="second_key_begin"),
    path("me/key/codes/", second_key.spare_codes, name="spare_codes"),
    path("me/key/remove/", second_key.second_key_remove, name="second_key_remove"),
    path("people/suggest/", people.people_suggest, name="people_suggest"),
]
