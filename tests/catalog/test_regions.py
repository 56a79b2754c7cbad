from urllib.parse import urlsplit

from desktop_app.catalog.regions import REGIONS, find_region, region_of_host
from desktop_app.domain.connection import normalised_base_url


def test_the_two_regions_have_the_vendors_addresses():
    assert {region.id: region.base_url for region in REGIONS} == {
        "international": "https://api.minimax.io/v1",
        "china": "https://api.minimaxi.com/v1",
    }


def test_every_row_can_be_used():
    assert len({region.id for region in REGIONS}) == len(REGIONS)
    for region in REGIONS:
        assert region.name
        assert normalised_base_url(region.base_url) == region.base_url
        page = urlsplit(region.key_page)
        assert page.scheme == "https"
        # The key page belongs to the same company domain as the host the key is for.
        domain = ".".join(page.hostname.split(".")[-2:])
        assert urlsplit(region.base_url).hostname.endswith(domain)
        other = find_region(region.other)
        assert other is not None
        assert other.other == region.id


def test_an_unknown_region_is_none():
    assert find_region("mars") is None


def test_a_region_is_known_by_its_host_alone():
    assert [region_of_host(urlsplit(region.base_url).netloc) for region in REGIONS] == [*REGIONS]
    for host in ("api.minimax.io:8443", "evil.api.minimax.io", "own.example", "", None):
        assert region_of_host(host) is None
