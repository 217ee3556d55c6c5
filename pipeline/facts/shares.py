"""A part of a whole and the percentage stated for it: the interval rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from pipeline.records import Verdict

_KEPT: Final = 4  # decimals of percent_computed


def percent_computed(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The percentage that a part is of its whole, to four decimals; None of nothing.

    >>> percent_computed(Decimal(229), Decimal(321))
    Decimal('71.3396')
    """
    if not denominator:
        return None
    return Decimal(_rounded(_exact(numerator, denominator), _KEPT)).scaleb(-_KEPT)


def agreement(
    numerator: Decimal, denominator: Decimal, percent: Decimal, decimals: int
) -> Verdict | None:
    """How a percentage stated with so many decimals comes from the ratio; None if it does not.

    >>> agreement(Decimal(229), Decimal(321), Decimal("71.33"), 2)
    'truncated'
    >>> agreement(Decimal(118), Decimal(1236), Decimal("9.55"), 2)
    'rounded'
    """
    if not denominator:
        return None
    exact = _exact(numerator, denominator)
    stated = Fraction(percent)
    if exact == stated:
        return "exact"
    if _rounded(exact, decimals) == stated * 10**decimals:
        return "rounded"
    if exact * 10**decimals // 1 == stated * 10**decimals:
        return "truncated"
    return None


def verdict(
    numerator: Decimal, denominator: Decimal, percent: Decimal | None, decimals: int, *, plan: bool
) -> Verdict | None:
    """The verdict on a ratio and the percentage that restates it, if one does.

    `plan` says that the whole is a target, which may be passed. None where nothing is stated and
    nothing impossible.

    >>> verdict(Decimal(229), Decimal(321), Decimal("73.1"), 1, plan=False)
    'inconsistent'
    >>> verdict(Decimal(17), Decimal(15), None, 0, plan=False)
    'impossible'
    >>> verdict(Decimal(1058), Decimal(1000), None, 0, plan=True) is None
    True
    """
    agreed = None
    if percent is not None:
        agreed = agreement(numerator, denominator, percent, decimals)
    if numerator > denominator and not plan and agreed is None:
        return "impossible"
    return agreed if percent is None or agreed else "inconsistent"


def _exact(numerator: Decimal, denominator: Decimal) -> Fraction:
    return Fraction(numerator) * 100 / Fraction(denominator)


def _rounded(value: Fraction, decimals: int) -> int:
    """`value` with so many decimals, as a whole number of the last one; halves go up."""
    scale: int = 10**decimals
    return (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
