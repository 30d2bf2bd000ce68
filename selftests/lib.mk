# SPDX-License-Identifier: GPL-2.0
# This file owns the make rules the selftests' folders share; it asks of them what kselftest does.
#
#	TEST_PROGS := a.sh b.py		programs that are tests
#	TEST_GEN_PROGS := c		tests built from c.c
#	TEST_GEN_FILES := helper	programs tests use, built from helper.c
#	include ../lib.mk

OUTPUT ?= .
CFLAGS ?= -O2 -g
CFLAGS += -Wall -Wextra -I../../include/uapi -D_GNU_SOURCE

TEST_GEN := $(TEST_GEN_PROGS) $(TEST_GEN_FILES)

all: $(addprefix $(OUTPUT)/,$(TEST_GEN))

# the tests, one a line
list:
	@printf '%s\n' $(TEST_PROGS) $(TEST_GEN_PROGS)

clean:
	$(if $(TEST_GEN),rm -f $(addprefix $(OUTPUT)/,$(TEST_GEN)))

ifneq ($(TEST_GEN),)
$(addprefix $(OUTPUT)/,$(TEST_GEN)): $(OUTPUT)/%: %.c
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LDLIBS)
endif

.PHONY: all list clean
