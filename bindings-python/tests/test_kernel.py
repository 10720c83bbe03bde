"""Which implementation runs, chosen by call and by environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import iiptran

SAS = Path(__file__).parents[2] / "tests" / "data" / "behaviour" / "sas.json"
NAMES = ("avx512", "avx2", "aes-ni", "portable")


@pytest.mark.parametrize("name", NAMES)
def test_every_kernel_seals_the_packet_of_a_vector_alike(name: str) -> None:
    cases = json.loads(SAS.read_text())["cases"]
    steps = next(case["steps"] for case in cases if case["name"] == "aes-128-gcm-16")
    before = iiptran.kernel()
    try:
        iiptran.choose_kernel(name)
    except ValueError:
        assert name != "portable"
        pytest.skip(f"this CPU can't run {name}")
    try:
        assert iiptran.kernel() == name
        sealed = iiptran.Packet(bytes.fromhex(steps[2]["packet"]))
        iiptran.OutboundSa(steps[0]["document"]).seal(sealed)
        assert bytes(sealed).hex() == steps[2]["expect"]["packet"]
    finally:
        iiptran.choose_kernel(before)


def test_a_name_that_is_none_changes_nothing() -> None:
    before = iiptran.kernel()
    with pytest.raises(ValueError, match='no kernel "avx1024" can run here; there are .*portable'):
        iiptran.choose_kernel("avx1024")
    assert iiptran.kernel() == before


def in_another(kernel: str) -> "subprocess.CompletedProcess[str]":
    program = "import iiptran; print(iiptran.kernel())"
    environment = {**os.environ, "IIPTRAN_ACCEL": kernel}
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)


def test_the_environment_names_one() -> None:
    assert in_another("portable").stdout == "portable\n"
    wrong = in_another("avx1024")
    assert wrong.returncode != 0
    assert 'ImportError: IIPTRAN_ACCEL: no kernel "avx1024"' in wrong.stderr
