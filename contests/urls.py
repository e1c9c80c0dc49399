from django.urls import path

from .views import award, contest, nomination, public

app_name = "contests"

urlpatterns = [
    # the contest and its set-up
    path("contests/", contest.contests, name="contests"),
    path("contests/new/", contest.contest_new, name="contest_new"),
    path("contests/<int:pk>/", contest.contest, name="contest"),
    path("contests/<int:pk>/edit/", contest.contest_edit, name="contest_edit"),
    path("contests/<int:pk>/rules/", contest.contest_rules, name="contest_rules"),
    path("contests/<int:pk>/stages/", contest.contest_stages, name="contest_stages"),
    path("contests/<int:pk>/announce/", contest.contest_announce, name="contest_announce"),
    path("contests/<int:pk>/back/", contest.contest_back, name="contest_back"),
    path("contests/<int:pk>/prolong/", contest.contest_prolong, name="contest_prolong"),
    path("contests/<int:pk>/cancel/", contest.contest_cancel, name="contest_cancel"),
    path("contests/<int:pk>/copy/", contest.contest_copy, name="contest_copy"),
    path("contests/<int:pk>/history/", contest.contest_history, name="contest_history"),
    path("contests/<int:pk>/regulation/", contest.regulation, name="regulation"),
    path("contests/<int:pk>/nominations/new/", nomination.nomination_new, name="nomination_new"),
    path("contests/nominations/<int:pk>/", nomination.nomination, name="nomination"),
    path("contests/nominations/<int:pk>/edit/", nomination.nomination_edit, name="nomination_edit"),
    path("contests/nominations/<int:pk>/remove/", nomination.nomination_remove, name="nomination_remove"),
    path("contests/nominations/<int:pk>/move/", nomination.nomination_move, name="nomination_move"),
    path("contests/nominations/<int:pk>/fields/new/", nomination.field_new, name="field_new"),
    path("contests/fields/<int:pk>/", nomination.field_edit, name="field_edit"),
    path("contests/fields/<int:pk>/remove/", nomination.field_remove, name="field_remove"),
    path("contests/fields/<int:pk>/move/", nomination.field_move, name="field_move"),
    path("contests/nominations/<int:pk>/criteria/new/", nomination.criterion_new, name="criterion_new"),
    path("contests/criteria/<int:pk>/", nomination.criterion_edit, name="criterion_edit"),
    path("contests/criteria/<int:pk>/remove/", nomination.criterion_remove, name="criterion_remove"),
    path("contests/criteria/<int:pk>/move/", nomination.criterion_move, name="criterion_move"),
    path("contests/<int:pk>/awards/new/", award.award_level_new, name="award_level_new"),
    path("contests/awards/<int:pk>/", award.award_level_edit, name="award_level_edit"),
    path("contests/awards/<int:pk>/remove/", award.award_level_remove, name="award_level_remove"),
    path("contests/awards/<int:pk>/move/", award.award_level_move, name="award_level_move"),
    path("contests/<int:pk>/ties/", award.tie_rules, name="tie_rules"),
    path("contests/ties/<int:pk>/remove/", award.tie_rule_remove, name="tie_rule_remove"),
    path("contests/ties/<int:pk>/move/", award.tie_rule_move, name="tie_rule_move"),
    path("public/contests/<int:pk>/", public.public_contest, name="public_contest"),
    # entries and their technical check
]
