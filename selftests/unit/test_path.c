// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of the order in which address pairs are tried.
 *
 * units: modules/umx_preserve/path.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "path.h"

/* Two links each: 0 1 / 2 3, by local and peer's address. */
static void shares_nothing_first(void **state)
{
	struct umx_path_tried tried = {};
	u8 order[UMX_PATH_PAIRS];

	assert_int_equal(umx_path_order(order, 2, 2, 0, 3, &tried, 0), 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(umx_path_order(order, 2, 2, 3, 3, &tried, 0), 3);
	assert_int_equal(order[0], 0);
	assert_int_equal(umx_path_order(order, 2, 2, 1, 3, &tried, 5), 3);
	assert_int_equal(order[0], 2);
}

static void not_what_is_gone(void **state)
{
	struct umx_path_tried tried = {};
	u8 order[UMX_PATH_PAIRS];

	/* our second address only */
	assert_int_equal(umx_path_order(order, 2, 2, 0, 2, &tried, 0), 2);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[1], 2);
	assert_int_equal(umx_path_order(order, 2, 2, 0, 0, &tried, 0), 0);
	/* a single pair leads nowhere */
	assert_int_equal(umx_path_order(order, 1, 1, 0, 1, &tried, 0), 0);
}

static void tried_ones_last(void **state)
{
	struct umx_path_tried tried = {};
	u8 order[UMX_PATH_PAIRS];

	umx_path_mark_tried(&tried, 3);
	assert_int_equal(umx_path_order(order, 2, 2, 0, 3, &tried, 0), 3);
	assert_int_not_equal(order[0], 3);
	assert_int_equal(order[2], 3);
}

/* Every pair but the current one, each once, whatever the sizes. */
static void each_once(void **state)
{
	u8 order[UMX_PATH_PAIRS], n_local, n_peer, current_pair;
	struct umx_path_tried tried = { .bits = { 0x5555555555555555, 0x5555 } };
	unsigned int n, i, j;

	for (n_local = 1; n_local <= UMX_PATH_ADDRS; n_local++)
		for (n_peer = 1; n_peer <= UMX_PATH_ADDRS; n_peer++)
			for (current_pair = 0; current_pair < n_local * n_peer; current_pair++) {
				n = umx_path_order(order, n_local, n_peer, current_pair, 0xffff,
						   &tried, current_pair * 7);
				assert_int_equal(n, n_local * n_peer - 1);
				for (i = 0; i < n; i++) {
					assert_true(order[i] < n_local * n_peer);
					assert_int_not_equal(order[i], current_pair);
					for (j = 0; j < i; j++)
						assert_int_not_equal(order[i], order[j]);
				}
			}
}

/* One failure does not send everybody to the same link. */
static void spreads(void **state)
{
	struct umx_path_tried tried = {};
	u8 order[UMX_PATH_PAIRS];
	unsigned int i, seen = 0;

	for (i = 0; i < 3; i++) {
		umx_path_order(order, 3, 2, 0, 7, &tried, i);
		seen |= 1 << order[0] / 2;
	}
	assert_int_equal(seen, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_nothing_first),
		cmocka_unit_test(not_what_is_gone),
		cmocka_unit_test(tried_ones_last),
		cmocka_unit_test(each_once),
		cmocka_unit_test(spreads),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
