"""The sentences behind the codes of ``insights.explain``; Chinese is in ``words/explain.po``."""

from typing import Final

from huitou.kit.text import gettext_noop as _

TITLES: Final = {
    "layer": _("Customer layer"),
    "repeat_probability": _("Chance of another purchase"),
    "risk": _("Risk of leaving"),
    "value_at_risk": _("Profit likely to be lost"),
    "lifetime_value": _("Lifetime value"),
    "loyalty_index": _("Loyalty index"),
    "loyalty_level": _("Loyalty"),
    "grid_cell": _("Value grid"),
    "manifestations": _("Signs of loyalty"),
}

# Where profit is not known the word may not be used.
SALES_TITLES: Final = {
    "value_at_risk": _("Sales likely to be lost"),
    "lifetime_value": _("Expected lifetime sales"),
}

# Names that stand inside a sentence or as a figure.
NAMES: Final = {
    "no_purchase": _("No purchase"),
    "new": _("New customer"),
    "developing": _("Developing"),
    "active": _("Active regular"),
    "cooling": _("Cooling"),
    "high_win_back": _("Easy to win back"),
    "low_win_back": _("Hard to win back"),
    "lost": _("Lost"),
    "none": _("Not yet formed"),
    "habitual": _("Habitual"),
    "preference": _("Preferring"),
    "devoted": _("Devoted"),
    "true": _("True loyalty"),
    "latent": _("Latent loyalty"),
    "spurious": _("Habit only"),
    "keep_and_reward": _("Keep and reward"),
    "develop": _("Develop"),
    "maintain": _("Maintain at low cost"),
    "standard": _("Serve by standard"),
    "satisfaction": _("satisfaction"),
    "repeat": _("chance of another purchase"),
    "recommendation": _("recommendation"),
    "profit": _("profit"),
    "sales": _("sales"),
    "too_few": _("fewer than 30 customers"),
    "no_model": _("no forecast"),
    "axes_say_the_same": _("both axes say the same here"),
    "outside": _("no purchase in the last 720 days"),
}

LINES: Final = {
    "layer.no_purchase": _("Has not bought yet."),
    "layer.last_purchase": _("Last purchase {days} days ago, on {last_on}."),
    "layer.new": _("One purchase in the last {window} days and none before."),
    "layer.developing": _(
        "{recent} purchases in the last {window} days and {earlier} before: beginning to return."
    ),
    "layer.active": _("{recent} purchases in the last {window} days and {earlier} before."),
    "layer.between": _("{days} days without a purchase: at least {from}, fewer than {to}."),
    "layer.at_least": _("{days} days without a purchase: {from} or more."),
    "layer.closed_days": _("{days} days on which the store was closed are not counted."),
    "layer.next_in": _("Without a purchase the layer changes in {days} days."),
    "layer.yearly": _("Buys about once a year, around {mark}; the silence before it is normal."),
    "model.none": _("No forecast yet: too few customers have bought again."),
    "repeat.frequency": _(
        "Of 100 customers scored like this one about {of_100} bought again within {days} days "
        "({lo} to {hi})."
    ),
    "repeat.not_checked": _(
        "Forecast {p} within {days} days; not yet checked against what happened."
    ),
    "repeat.bought_once": _("Bought once, {days} days ago."),
    "repeat.habit": _(
        "Bought on {purchases} days, usually every {gap_days} days; away for {days} days."
    ),
    "repeat.times_usual": _("{days} days are {times} times the usual gap."),
    "repeat.adds_up": _(
        "A typical customer here has {typical}; the parts below add up exactly to {own}."
    ),
    "risk.frequency": _(
        "Of 100 customers scored like this one about {of_100} did not buy within {days} days "
        "({lo} to {hi})."
    ),
    "risk.not_checked": _(
        "Forecast {p} not to buy within {days} days; not yet checked against what happened."
    ),
    "risk.own_horizon": _("{days} days are this customer's own pace: over two usual gaps."),
    "risk.cases_never_count": _("Complaints and open cases never count."),
    "reason.silence": _("So long a silence is rare for a customer who bought like this."),
    "reason.buying_less_often": _("Fewer purchases in 180 days than were to be expected."),
    "reason.spending_less": _("The last three purchases brought less than those before."),
    "reason.satisfaction_fell": _("The latest answer is dissatisfied, or two levels lower."),
    "reason.chance_rate": _("At most about {rate} of such marks are chance."),
    "at_risk.product": _("The risk of leaving times the {basis} expected in the next 12 months."),
    "at_risk.negative": _("The expected {basis} is negative, so nothing can be lost."),
    "at_risk.probably_lost": _("A further {expected} is probably lost already; it is never added."),
    "lifetime.product": _(
        "Purchases expected in {days} days, times money per purchase, times the share kept as "
        "{basis}; later money counts less."
    ),
    "lifetime.product_sales": _(
        "Purchases expected in {days} days times money per purchase; later money counts less."
    ),
    "lifetime.undiscounted": _("Without discount: {expected}."),
    "index.mean": _("The mean of the {known} indicators that are known."),
    "index.none": _("Needs two of three indicators; {known} known."),
    "index.missing": _("Not known: {part}."),
    "index.asked_probability": _("Without a forecast the customer's own statement is used."),
    "level.not_asked": _("Not asked in the last 365 days, so there is no level."),
    "level.placed": _("Level by the gates below: {level}."),
    "level.square": _("Attitude and behaviour together: {cell}."),
    "level.attitude_unknown": _("Fewer than two answers, so the attitude is not known."),
    "level.no_referrals": _("Referrals are not recorded yet."),
    "grid.none": _("Not in the grid: {reason}."),
    "grid.current": _("Brought {minor} of {basis} in 365 days; the line is {line}."),
    "grid.headroom": _("Could bring {minor} more a year; the line is {line}."),
    "grid.kept": _("Stays in the cell until a line is crossed by {percent}%."),
    "grid.negative": _("Current {basis} is negative."),
    "continuity.run": _(
        "Bought in {periods} periods of {period_days} days in a row; the longest run is {longest}."
    ),
}

GATES: Final = {
    "asked": _("asked in the last 365 days"),
    "bought_twice": _("two purchases or more"),
    "positive_answer": _("latest answer satisfied or better"),
    "attitude_strong": _("attitude of 70 or more, from two answers"),
    "behaviour_strong": _("two purchases and a chance of another above 30%"),
    "index_70": _("loyalty index of 70 or more"),
    "prefers_us": _("prefers us to others"),
    "positive_twice": _("two positive answers at least 90 days apart"),
    "positive_and_lasting": _("a positive answer and four purchases over 180 days"),
    "very_likely": _("very likely to recommend"),
    "resists_or_referred": _("resists other offers, or brought a buyer"),
    "recognises": _("prefers us to others"),
    "repeats": _("bought again"),
    "spends_more": _("spent more from each third of the year to the next"),
    "promotes": _("very likely to recommend"),
}

PARTS: Final = {
    "typical": _("A typical customer"),
    "purchases": _("Number of purchases"),
    "usual_gap_days": _("Usual gap"),
    "dormancy_days": _("Days since the last purchase"),
    "risk": _("Risk of leaving"),
    "expected_margin_365": _("Expected in the next 12 months"),
    "expected_spend": _("Money per purchase"),
    "margin_share": _("Share that is kept"),
    "discount": _("Discount for waiting"),
    "satisfaction": _("Satisfaction"),
    "repeat": _("Chance of another purchase"),
    "recommendation": _("Recommendation"),
}

STATES: Final = (_("Yes: {name}"), _("No: {name}"), _("Not known: {name}"))
