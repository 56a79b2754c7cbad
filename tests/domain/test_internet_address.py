"""Whose an address is, in every spelling that hides another in it."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.internet_address import Reach, reach_of


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "172.32.0.1",
        "2606:4700::1111",
        "2a00:1450:4001:80b::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_the_internets(address):
    assert reach_of(address) is Reach.PUBLIC


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "::1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.1.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "100.64.0.1", "192.0.2.1", "198.18.0.1",
        "203.0.113.7", "240.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001:db8::1", "2001::1", "3fff::1", "fec0::1",
        "100::1",
    ],
)  # fmt: skip
def test_this_computers_and_its_networks(address):
    assert reach_of(address) is Reach.PRIVATE


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1",
        "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "169.254.170.2",
        "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_nobodys_and_those_where_clouds_keep_keys(address):
    assert reach_of(address) is Reach.NOBODYS


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f000001", "1.2.3", "example.org", "[::1]"]
)
def test_what_is_no_address(text):
    with pytest.raises(ValueError):  # noqa: PT011 (Python's own)
        reach_of(text)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_to_be_special(address):
    special = (
        address.is_private or address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    )  # fmt: skip
    if special and not (address.version == 6 and address in ipaddress.ip_network("64:ff9b::/96")):
        inner = getattr(address, "ipv4_mapped", None)
        if inner is None or inner.is_private:
            assert reach_of(str(address)) is not Reach.PUBLIC


@given(st.ip_addresses(v=4))
def test_an_address_in_another_is_judged_alike(address):
    assert reach_of(f"::ffff:{address}") is reach_of(str(address))
