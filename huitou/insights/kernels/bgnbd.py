"""BG/NBD: a customer may drop out after every repeat purchase (Fader, Hardie & Lee 2005).

P(alive) of a one-time buyer is exactly 1 by construction: use ``p_repeat`` for loyalty and for
risk.
"""

from typing import Final

from huitou.insights.kernels.geometric import Geometric

NAME: Final = "bgnbd"
MODEL: Final = Geometric(NAME, one_time_may_be_gone=False)

fit = MODEL.fit
p_alive = MODEL.p_alive
p_repeat = MODEL.p_repeat
expected_purchases = MODEL.expected_purchases
path_if_alive = MODEL.path_if_alive
