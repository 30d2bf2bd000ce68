/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the messages the tests of umx-resolved begin with, made from text. */
#ifndef UMX_RESOLVED_SAMPLE_H
#define UMX_RESOLVED_SAMPLE_H

#include <stdbool.h>
#include <ldns/ldns.h>
#include <stdlib.h>

/**
 * struct sample - a message
 * @name: what is asked for; @type: of which type.
 * @answer: it is an answer, with @rcode.
 * @edns: size it says of itself; 0: no EDNS. @dnssec: with DO.
 * @ad: with AD. @cd: with CD. @tc: with TC.
 * @records: of the answer section, a line each; "" or NULL: none.
 * @authority: of the authority section.
 */
struct sample {
	const char *name;
	ldns_rr_type type;
	bool answer;
	ldns_pkt_rcode rcode;
	uint16_t edns;
	bool dnssec;
	bool ad;
	bool cd;
	bool tc;
	const char *records;
	const char *authority;
};

#define SAMPLE_ID	0x1234

static inline void sample_section(ldns_pkt *pkt, ldns_pkt_section section, const char *records)
{
	char *text = strdup(records ? records : ""), *line, *rest;
	ldns_rr *rr;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) != LDNS_STATUS_OK)
			abort();
		ldns_pkt_push_rr(pkt, section, rr);
	}
	free(text);
}

static inline uint8_t *sample_make(const struct sample *sample, size_t *len)
{
	ldns_pkt *pkt = ldns_pkt_new();
	ldns_rr *rr = ldns_rr_new();
	uint8_t *wire;

	ldns_pkt_set_id(pkt, SAMPLE_ID);
	ldns_pkt_set_qr(pkt, sample->answer);
	ldns_pkt_set_rd(pkt, true);
	ldns_pkt_set_ra(pkt, sample->answer);
	ldns_pkt_set_ad(pkt, sample->ad);
	ldns_pkt_set_cd(pkt, sample->cd);
	ldns_pkt_set_tc(pkt, sample->tc);
	ldns_pkt_set_rcode(pkt, sample->rcode);
	ldns_pkt_set_edns_udp_size(pkt, sample->edns);
	ldns_pkt_set_edns_do(pkt, sample->dnssec);
	ldns_rr_set_owner(rr, ldns_dname_new_frm_str(sample->name));
	ldns_rr_set_type(rr, sample->type);
	ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
	ldns_rr_set_question(rr, true);
	ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, rr);
	sample_section(pkt, LDNS_SECTION_ANSWER, sample->records);
	sample_section(pkt, LDNS_SECTION_AUTHORITY, sample->authority);
	if (ldns_pkt2wire(&wire, pkt, len) != LDNS_STATUS_OK)
		abort();
	ldns_pkt_free(pkt);
	return wire;
}

#endif /* UMX_RESOLVED_SAMPLE_H */
