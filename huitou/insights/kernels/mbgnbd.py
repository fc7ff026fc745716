"""MBG/NBD: a customer may drop out after every purchase, the first included (Batislam et al. 2007).

The model in force until two rolling origins have shown a better one.
"""

from typing import Final

from huitou.insights.kernels.geometric import Geometric

NAME: Final = "mbgnbd"
MODEL: Final = Geometric(NAME, one_time_may_be_gone=True)

fit = MODEL.fit
p_alive = MODEL.p_alive
p_repeat = MODEL.p_repeat
expected_purchases = MODEL.expected_purchases
path_if_alive = MODEL.path_if_alive
