"""Addresses of the members' pages, and the short ones printed on cups and sent in messages."""

from django.urls import URLPattern, URLResolver, path

from huitou.portal import (
    answering,
    card,
    cases,
    coupons,
    home,
    me,
    orders,
    preferences,
    privacy,
    rules,
    sign_in,
    statement,
    unsubscribing,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("a/<slug:token>", answering.answer, name="portal_answer"),
    path("a/<slug:token>/thanks/<slug:key>", answering.thanks, name="portal_answer_thanks"),
    path("c/<slug:token>", cases.follow, name="case_follow"),
    path("m/", home.home, name="portal_home"),
    path("m/about", me.about, name="portal_about"),
    path("m/card", card.card, name="portal_card"),
    path("m/card.svg", card.qr, name="portal_card_qr"),
    path("m/cases", cases.cases, name="portal_cases"),
    path("m/cases/<slug:public_id>", cases.case, name="portal_case"),
    path("m/code", sign_in.code, name="portal_code"),
    path("m/coupons", coupons.coupons, name="portal_coupons"),
    path("m/join", sign_in.join, name="portal_join"),
    path("m/me", me.me, name="portal_me"),
    path("m/orders", orders.orders_list, name="portal_orders"),
    path("m/orders/<int:order_id>", orders.order, name="portal_order"),
    path("m/points", statement.statement, name="portal_points"),
    path("m/preferences", preferences.preferences, name="portal_preferences"),
    path("m/privacy", privacy.privacy, name="portal_privacy"),
    path("m/privacy/data", privacy.data, name="portal_data"),
    path("m/privacy/forget", privacy.forget, name="portal_forget"),
    path("m/privacy/stop", privacy.stop, name="portal_stop"),
    path("m/rules", rules.rules, name="portal_rules"),
    path("m/sign-in", sign_in.sign_in, name="portal_sign_in"),
    path("m/sign-out", sign_in.sign_out, name="portal_sign_out"),
    path("u/<slug:token>", unsubscribing.unsubscribe, name="unsubscribe"),
    path("tell", cases.tell, name="case_tell"),
]
