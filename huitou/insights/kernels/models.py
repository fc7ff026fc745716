# ruff: noqa: N803 - T is the age of a customer in every paper and in the score file
"""The purchase models a run may choose from, by name."""

from collections.abc import Mapping
from typing import Final, Protocol

from huitou.insights.kernels import bgnbd, mbgnbd, paretonbd
from huitou.insights.kernels.columns import Columns, Days, Floats
from huitou.insights.kernels.newton import Fit, Parameters


class Model(Protocol):
    """What every purchase model answers, for customers (x, t_x, T) in days and parameters in
    weeks."""

    NAME: str

    def fit(
        self,
        x: Columns,
        t_x_days: Columns,
        T_days: Columns,
        *,
        weights: Columns | None = None,
        start: Parameters | None = None,
    ) -> Fit:
        """The parameters of the highest likelihood, with standard errors and warnings."""
        ...

    def p_alive(
        self, parameters: Parameters, x: Columns, t_x_days: Columns, T_days: Columns
    ) -> Floats:
        """The probability of not having dropped out by day T."""
        ...

    def p_repeat(
        self,
        parameters: Parameters,
        x: Columns,
        t_x_days: Columns,
        T_days: Columns,
        horizon_days: Days,
    ) -> Floats:
        """The probability of at least one purchase in the days after T."""
        ...

    def expected_purchases(
        self,
        parameters: Parameters,
        x: Columns,
        t_x_days: Columns,
        T_days: Columns,
        horizon_days: Days,
    ) -> Floats:
        """The expected number of purchases in the days after T."""
        ...


MODELS: Final[Mapping[str, Model]] = {
    mbgnbd.NAME: mbgnbd,
    bgnbd.NAME: bgnbd,
    paretonbd.NAME: paretonbd,
}
