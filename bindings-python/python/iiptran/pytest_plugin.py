"""Fixtures for pytest: two gateways, a network, a wire with faults, an oracle. Installing the package enables them.

`gateways`, `network` and `fault_injector` are ready to use; `make_gateways`, `make_network`,
`make_fault_injector` and `make_oracle` make them to order. `--iiptran-seed` gives the seed of all chance.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iiptran import Document, Network
from iiptran.bench import FaultInjector, Gateways, Oracle


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("iiptran")
    group.addoption(
        "--iiptran-seed",
        type=int,
        default=0,
        help="seed of the faults that iiptran's fault injectors make (default: 0)",
    )


@pytest.fixture
def make_gateways() -> Callable[..., Gateways]:
    """Makes two gateways; arguments as of `iiptran.bench.Gateways`."""
    return Gateways


@pytest.fixture
def gateways() -> Gateways:
    """Two gateways with a protected virtual link between them."""
    return Gateways()


@pytest.fixture
def make_fault_injector(request: pytest.FixtureRequest) -> Callable[..., FaultInjector]:
    """Makes a wire with faults; arguments as of `iiptran.bench.FaultInjector`, seed apart."""
    seed: int = request.config.getoption("--iiptran-seed")

    def make(**faults: float) -> FaultInjector:
        depth = int(faults.pop("depth", FaultInjector.depth))
        return FaultInjector(seed, depth=depth, **faults)

    return make


@pytest.fixture
def fault_injector(make_fault_injector: Callable[..., FaultInjector]) -> FaultInjector:
    """A wire that loses, reorders, replays and damages some packets of each hundred."""
    return make_fault_injector(loss=0.05, reorder=0.1, replay=0.1, bit_flips=0.05)


@pytest.fixture
def make_network(request: pytest.FixtureRequest) -> Callable[..., Network]:
    """Makes a network of a scenario's document or name, with the seed of `--iiptran-seed` if that is given."""
    seed: int = request.config.getoption("--iiptran-seed")

    def make(scenario: Document) -> Network:
        network = Network(scenario)
        if seed:
            network.reset(seed)
        return network

    return make


@pytest.fixture
def network(make_network: Callable[..., Network]) -> Network:
    """Two ways from A to D, one of which breaks (RFC 3884 section 2.3): the scenario `figure-3`."""
    return make_network("figure-3")


@pytest.fixture
def make_oracle() -> Callable[..., Oracle]:
    """Makes a reference node of a document."""
    return Oracle
