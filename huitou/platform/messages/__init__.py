"""The outbox: every message that is to leave the house, and what became of it.

``from huitou.platform.messages import services as messages`` then ``messages.queue(Outgoing(…),
now=now)``. Rooms and flows queue; only ``huitou.flows.sending`` hands a message to a channel.

Invariants: one message per key, for ever; a message leaves its state only along
``rules.MOVES`` (a trigger holds it); whatever is not service is handed to a channel at most once
without a person saying so, and a message whose hand-over nobody saw end is *in doubt*, listed, and
never sent again by itself.
"""
