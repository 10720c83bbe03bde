"""The fixtures, in a test of their own and in a session of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from known import inner

import iiptran
from iiptran.bench import FaultInjector, Gateways, Oracle


def test_the_fixtures_are_there(
    gateways: Gateways,
    make_gateways: Callable[..., Gateways],
    fault_injector: FaultInjector,
    make_oracle: Callable[..., Oracle],
) -> None:
    """A bad wire between gateways, and an oracle beside the second one."""
    oracle = make_oracle(gateways.documents[1])
    sent = [gateways.forward(inner())[1] for _ in range(100)]
    for wire in fault_injector.carry(sent):
        verdict, packet = gateways.arrive(wire)
        gives = isinstance(verdict, iiptran.Transmit)
        oracle.check("wan", wire, packet if gives else None)
    other = make_gateways("tunnel-mode", transform="chacha20-poly1305", key=bytes(36))
    assert isinstance(other.forward(inner())[0], iiptran.Transmit)


def test_the_option_is_the_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_seed(fault_injector, make_fault_injector):
            assert fault_injector.seed == 42
            assert make_fault_injector(loss=0.5, depth=3).depth == 3
        """
    )
    pytester.runpytest_subprocess("--iiptran-seed=42").assert_outcomes(passed=1)
    pytester.runpytest_subprocess().assert_outcomes(failed=1)
