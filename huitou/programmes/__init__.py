"""The loyalty programme: who is a member, how points are earned, tiers and coupons.

Words: programme, rule version, earning rule, membership, card number, qualifying points, tier,
coupon, batch. Invariants: a rule version is never changed once it has awarded; a coupon is used at
most once; the same order earns the same points however it arrives."""
