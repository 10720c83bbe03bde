"""Documents as text, mappings and dataclasses, and what is wrong with them."""

from __future__ import annotations

import json
import tomllib
from ipaddress import ip_interface, ip_network

import pytest
from known import KEY, sa, udp

import iiptran
from iiptran import config
from iiptran.bench.gateways import gateway

SA_TOML = f'spi = 0x1000\ntransform = "aes-128-gcm-16"\nkey = "{KEY.hex()}"\n'


@pytest.mark.parametrize(
    "document",
    [
        SA_TOML,
        json.dumps(tomllib.loads(SA_TOML)),
        tomllib.loads(SA_TOML),
        sa(),
        config.Sa(spi=0x1000, transform="aes-128-gcm-16", key=KEY),
        config.Sa(spi="0x1000", transform="aes-128-gcm-16", key=KEY.hex()),
    ],
)
def test_every_form_means_the_same(document: iiptran.Document) -> None:
    packet, reference = iiptran.Packet(udp()), iiptran.Packet(udp())
    iiptran.OutboundSa(document).seal(packet)
    iiptran.OutboundSa(SA_TOML).seal(reference)
    assert packet == bytes(reference)


def test_host_02_an_error_has_the_path_and_cause_of_every_host() -> None:
    with pytest.raises(iiptran.ConfigError) as wrong:
        iiptran.Node(gateway("iiptran", near=1, far=2, protection=config.Protection(transform="rot13")))
    error = wrong.value
    assert error.path == "virtual-links[0].protection.transform"
    assert "rot13" in error.cause and error.hint == error.cause
    assert (error.line, error.column) == (None, None)
    assert str(error) == f"{error.path}: {error.cause}"
    assert isinstance(error, ValueError)


def test_lines_and_columns_are_those_of_the_callers_text() -> None:
    with pytest.raises(iiptran.ConfigError) as wrong:
        iiptran.OutboundSa('spi = 0x1000\ntransform = "aes-128-gcm-16"\ncolour = "red"\n')
    assert (wrong.value.line, wrong.value.path) == (3, "colour")
    assert wrong.value.column is not None


def test_underscores_are_hyphens_and_addresses_are_text() -> None:
    node = iiptran.Node(
        {
            "arrangement": "transport",
            "insecure_test_keys": True,
            "links": [{"name": "wan", "addresses": [ip_interface("192.0.2.1/24")]}],
            "routes": [{"prefix": ip_network("198.51.100.0/24"), "link": "wan", "via": "192.0.2.9"}],
        }
    )
    assert node.link_name(0) == "wan"


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (17, TypeError),
        (None, TypeError),
        (b"spi = 1", TypeError),
        (config.Sa, TypeError),
        ({"spi": object()}, TypeError),
        ({"spi": {1, 2}}, TypeError),
        ({("spi",): 1}, TypeError),
        ({"spi": float("nan")}, ValueError),
        ({"path_mtu": 1, "path-mtu": 2}, ValueError),
        ({}, iiptran.ConfigError),
        ("", iiptran.ConfigError),
        ("{", iiptran.ConfigError),
        ("\ud800", UnicodeEncodeError),
        ("\x00", iiptran.ConfigError),
    ],
)
def test_what_is_no_document_is_refused(document: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        iiptran.OutboundSa(document)  # type: ignore[arg-type]


def test_a_document_inside_itself_is_refused() -> None:
    document: dict[str, object] = {}
    document["selectors"] = [document]
    with pytest.raises(RecursionError):
        iiptran.OutboundSa(document)


@pytest.mark.parametrize("text", ['{"a":' * 100_000, "a = " + "[" * 100_000, "[" + "a." * 50_000 + "a]"])
def test_deep_documents_are_refused(text: str) -> None:
    with pytest.raises(iiptran.ConfigError):
        iiptran.Node(text)


def test_huge_documents_are_read_or_refused() -> None:
    comment = "# nothing\n" * 500_000
    assert iiptran.OutboundSa(comment + SA_TOML).spi == 0x1000
    with pytest.raises(iiptran.ConfigError):
        iiptran.OutboundSa(SA_TOML + 'name = "' + "x" * 5_000_000)


def test_an_installed_document_that_is_wrong_changes_nothing() -> None:
    node = iiptran.Node(gateway("iiptran", near=1, far=2, protection=None))
    with pytest.raises(iiptran.ConfigError):
        node.install("arrangement = 'none'")
    assert node.link("tunnel") == 2
    node.install({"arrangement": "transport"})
    with pytest.raises(iiptran.Misuse) as gone:
        node.link("tunnel")
    assert gone.value.name == "unknown-link"
