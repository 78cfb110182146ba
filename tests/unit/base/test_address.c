/* SPDX-License-Identifier: Apache-2.0
 * What address.h promises: ranges to the bit, one group for an IPv6 line, and no client that names
 * itself.
 */
#include "base_fixture.h"

#include "address.h"

static bool lies_in(const char *text, const char *range)
{
	struct address address;

	assert_true(address_read(text, &address));
	return address_in(&address, range);
}

static void ranges(void **state)
{
	(void)state;
	assert_true(lies_in("192.0.2.7", "192.0.2.7"));
	assert_false(lies_in("192.0.2.8", "192.0.2.7"));
	assert_true(lies_in("192.0.2.255", "192.0.2.0/24"));
	assert_false(lies_in("192.0.3.0", "192.0.2.0/24"));
	assert_true(lies_in("192.0.3.255", "192.0.2.0/23"));
	assert_true(lies_in("::ffff:192.0.2.7", "192.0.2.0/24"));
	assert_true(lies_in("203.0.113.9", "0.0.0.0/0"));
	assert_false(lies_in("2001:db8::1", "0.0.0.0/0"));
	assert_true(lies_in("2001:db8:1::1", "2001:db8::/32"));
	assert_false(lies_in("2001:db9::1", "2001:db8::/32"));
	assert_true(lies_in("2001:db8::8000", "2001:db8::8000/113"));
	assert_false(lies_in("2001:db8::7fff", "2001:db8::8000/113"));
}

static void what_is_no_range_covers_nothing(void **state)
{
	static const char *const bad[] = {"", "/", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1",
	        "192.0.2.0/2x", "2001:db8::/129", "192.0.2.0/9999999999", "localhost", "1.2.3",
	        "fe80::1%eth0", "192.0.2.0/24/24"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(address_range_valid(bad[i]));
		assert_false(lies_in("192.0.2.0", bad[i]));
	}
	assert_true(address_range_valid("192.0.2.0/24"));
}

static void what_is_public(void **state)
{
	static const char *const public[] = {"1.1.1.1", "9.255.255.255", "172.32.0.0", "223.5.5.5",
	        "::ffff:1.1.1.1", "2400:3200::1", "2606:4700::1111"};
	static const char *const others[] = {"0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1",
	        "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1",
	        "192.0.2.1", "198.19.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
	        "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1",
	        "2001:db8::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1"};
	struct address address;

	(void)state;
	for (size_t i = 0; i < sizeof public / sizeof public[0]; i++) {
		assert_true(address_read(public[i], &address));
		if (!address_is_public(&address))
			fail_msg("%s is public", public[i]);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_true(address_read(others[i], &address));
		if (address_is_public(&address))
			fail_msg("%s is not public", others[i]);
	}
}

static void groups(void **state)
{
	static const char *const rows[][2] = {{"192.0.2.7", "192.0.2.7"},
	        {"::ffff:192.0.2.7", "192.0.2.7"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
	        {"::1", "::"}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address address;
		char text[ADDRESS_TEXT];
		assert_true(address_read(rows[i][0], &address));
		address_group(&address, text);
		assert_string_equal(text, rows[i][1]);
	}
}

static void behind_proxies(void **state)
{
	static const struct {
		const char *peer, *forwarded, *client;
	} rows[] = {
	        {"198.51.100.1", "203.0.113.9",
	                "198.51.100.1"}, /* no proxy of ours: not believed */
	        {"127.0.0.1", "", "127.0.0.1"},
	        {"127.0.0.1", "203.0.113.9", "203.0.113.9"},
	        {"127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"}, /* what it says itself */
	        {"127.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"},
	        {"127.0.0.1", "203.0.113.9 , 10.0.0.2 ", "203.0.113.9"},
	        {"127.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"},
	        {"127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"},
	        {"127.0.0.1", "203.0.113.9,", "127.0.0.1"},
	        {"127.0.0.1", ",", "127.0.0.1"},
	        {"127.0.0.1", "2001:db8::5", "2001:db8::5"},
	};
	struct texts proxies = {0};

	(void)state;
	texts_add(&proxies, "127.0.0.1");
	texts_add(&proxies, "10.0.0.0/8");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address client, want;
		assert_true(address_client(rows[i].peer, rows[i].forwarded, &proxies, &client));
		assert_true(address_read(rows[i].client, &want));
		assert_memory_equal(client.bytes, want.bytes, sizeof want.bytes);
	}
	struct address client;
	assert_false(address_client("", "203.0.113.9", &proxies, &client));
	texts_finish(&proxies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(ranges),
	        cmocka_unit_test(what_is_no_range_covers_nothing),
	        cmocka_unit_test(what_is_public),
	        cmocka_unit_test(groups),
	        cmocka_unit_test(behind_proxies),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
