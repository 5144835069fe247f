/* SPDX-License-Identifier: Apache-2.0 */
/* The report as JSON, written message by message so that memory does not grow with the capture. Its form is a promise:
   pcap.schema.json. Numbers of 64 bits are strings of hex digits, because many readers of JSON round them. */
#ifndef COUNTERSIGN_TOOLS_REPORT_JSON_H
#define COUNTERSIGN_TOOLS_REPORT_JSON_H

#include "report.h"

/* Remarks are many where a capture is damaged everywhere: the object has the first ones and says how many it leaves out. Lines and
   the diagnostics have all. */
#define REPORT_JSON_REMARKS 1000u

report *report_json(const report_form *form, FILE *out, FILE *diagnostics);

#endif
