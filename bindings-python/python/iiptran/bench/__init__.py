"""What a test bench needs: two gateways, a wire with faults, and an oracle for another implementation."""

from iiptran.bench.faults import FaultInjector
from iiptran.bench.gateways import Gateways
from iiptran.bench.oracle import Difference, Oracle

__all__ = ["Difference", "FaultInjector", "Gateways", "Oracle"]
