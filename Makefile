# SPDX-License-Identifier: GPL-2.0
# This file owns the commands: "make help" lists them.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
# what dkms is given; it builds it again for every new kernel
DKMS_SOURCES := Kbuild Makefile dkms.conf kernel.config LICENSE include compat modules
DKMS_TREE := $(DESTDIR)/usr/src/umx-$(VERSION)

export PREFIX DESTDIR

.DEFAULT_GOAL := all

all: modules tools		## modules and tools, for the running kernel

help:				## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s'|'

# --- building ---

modules:			## the modules (KVER=RELEASE or KDIR=TREE for another kernel)
	@test -e $(KDIR)/Makefile || { echo "umx: no kernel headers in $(KDIR): install linux-headers-$(KVER), or give KDIR."; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:				## umctl and the other programs
	$(MAKE) -C tools all

clean:				## remove what was built here
	@test ! -e $(KDIR)/Makefile || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(if $(wildcard tools),$(MAKE) -C tools clean)
	$(if $(wildcard selftests),$(MAKE) -C selftests/unit clean)
	rm -rf compat/generated

# --- on a real host ---

install: tools			## dkms, programs, man pages, completion, systemd unit (as root)
	$(MAKE) -C tools install
	rm -rf $(DKMS_TREE)
	install -d $(DKMS_TREE)
	tar -c --exclude='*.o' --exclude='*.ko' --exclude='*.cmd' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude=compat/generated $(DKMS_SOURCES) | tar -x --no-same-owner -C $(DKMS_TREE)
ifeq ($(DESTDIR),)
	dkms status -m umx | grep -q '^umx/$(VERSION)' || dkms add -m umx -v $(VERSION)
	dkms install --force -m umx -v $(VERSION) -k $(KVER)
	@! command -v mokutil >/dev/null || ! mokutil --sb-state 2>/dev/null | grep -q enabled || \
		echo "umx: Secure Boot is on: dkms has signed the modules with its own key; enroll it once with 'mokutil --import /var/lib/dkms/mok.pub'."
endif

uninstall:			## take it all away again (as root)
ifeq ($(DESTDIR),)
	-dkms remove -m umx -v $(VERSION) --all
endif
	rm -rf $(DKMS_TREE)
	$(MAKE) -C tools uninstall

# --- trying and testing: in guests, nothing touches this machine ---

demo:				## the main job in two minutes, in a guest, on a stock kernel
	@selftests/demo/run

demo-dns:			## names that hand out one-time addresses: two commands, a name, unmodified ssh
	@selftests/demo/run names

demo-bis:			## programs that know IPv4 only, on a network that has IPv6 only
	@selftests/demo/run bis

demo-preserve:			## a login that outlives the links it runs over
	@selftests/demo/run preserve

test:				## everything that must pass, on every kernel of the matrix
	@selftests/run

soak:				## what takes hours: loads, deletions, short memory, a million messages
	@selftests/soak/run

bench:				## instruction-counted benchmarks, umx against plain and peers
	@selftests/bench/run

kselftest:			## Linux's own networking selftests, with and without the modules, in guests on 6.1
	@selftests/kselftest/run

unit:				## the unit tests of the pure code, with this machine's compiler and cmocka
	@$(MAKE) -C selftests/unit run

# --- reading the source ---

style:				## checkpatch and the rules of the house
	@selftests/style

sparse:				## sparse and gcc's extra warnings over the modules
	@selftests/vm/sparse

.PHONY: all help modules tools clean install uninstall demo demo-dns demo-bis demo-preserve test soak bench kselftest unit style sparse
