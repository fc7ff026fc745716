"""Addresses of the staff console."""

from django.urls import URLPattern, URLResolver, path

from huitou.console import (
    analysis,
    customer,
    customers,
    customers_export,
    health,
    imports,
    measuring,
    overview,
    preferences,
    profile,
    setup,
    sign_in,
    uploads,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("analysis", analysis.analysis, name="analysis"),
    path("customers", customers.customers_list, name="customers"),
    path("customers/export", customers_export.customers_export, name="customers_export"),
    path("customers/<int:customer_id>", customer.customer, name="customer"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("setup", setup.setup, name="setup"),
    path("setup/company", setup.setup_company, name="setup_company"),
    path("setup/done", setup.setup_done, name="setup_done"),
    path("preferences", preferences.preferences, name="preferences"),
    path("profile", profile.profile, name="profile"),
    path("imports", imports.imports, name="imports"),
    path("imports/new", uploads.import_new, name="import_new"),
    path("imports/uploads/<slug:token>", uploads.import_upload, name="import_upload"),
    path("imports/<slug:public_id>", imports.import_one, name="import_one"),
    path("imports/<slug:public_id>/confirm", imports.import_confirm, name="import_confirm"),
    path("imports/<slug:public_id>/roll-back", imports.import_roll_back, name="import_roll_back"),
    path("imports/<slug:public_id>/rejects", imports.import_rejects, name="import_rejects"),
    path("measure", measuring.measure, name="measure"),
    path("healthz", health.healthz, name="healthz"),
]
