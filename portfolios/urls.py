from django.urls import path

from projectoffice.documents.table.urls import table_urls

from .table import IMPLEMENTATION_PLAN
from .views import implementation_import, implementation_plan

app_name = "portfolios"
urlpatterns = [
    # implementation plans
    path("implementation-plans/", implementation_plan.implementation_plans, name="implementation_plans"),
    path("implementation-plans/new/", implementation_plan.implementation_plan_new, name="implementation_plan_new"),
    path("implementation-plans/import/", implementation_import.implementation_plan_import, name="implementation_plan_import"),
    path("implementation-plans/import/<uuid:key>/", implementation_import.implementation_plan_import_preview,
         name="implementation_plan_import_preview"),
    path("implementation-plans/<int:pk>/", implementation_plan.implementation_plan, name="implementation_plan"),
    path("implementation-plans/<int:pk>/copy/", implementation_plan.implementation_plan_copy, name="implementation_plan_copy"),
    path("implementation-plans/<int:pk>/take-rows/", implementation_plan.implementation_plan_take_rows,
         name="implementation_plan_take_rows"),
    path("implementation-plans/<int:pk>/phones/", implementation_plan.implementation_plan_phones, name="implementation_plan_phones"),
    path("implementation-plans/<int:pk>/fulfilment/", implementation_plan.implementation_plan_fulfilment,
         name="implementation_plan_fulfilment"),
    path("implementation-plans/<int:pk>/fulfilment/<uuid:uid>/", implementation_plan.activity_mark, name="activity_mark"),
    path("implementation-plans/<int:pk>/fulfilment/<uuid:uid>/evidence/", implementation_plan.activity_evidence,
         name="activity_evidence"),
    *table_urls("implementation-plans/<int:pk>/", IMPLEMENTATION_PLAN),
]
