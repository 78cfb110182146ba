# SPDX-License-Identifier: Apache-2.0
"""The rules of google/cap-library's validator and profiles, each beside the rule of ours that says the same: none of
them was forgotten."""
import csv
import json
import os
import subprocess

import pytest

from tree import BINARIES, SOURCE

SHARED = os.environ.get("TOCSIN_SHARED", os.path.join(SOURCE, os.pardir, "shared"))
LIST = os.path.join(SHARED, "corpus", "schema", "profile_rules.tsv")

BASE = {
    "CERTAINTY_VERY_LIKELY_DEPRECATED": "schema.word", "CIRCULAR_REFERENCE": "references.self",
    "DUPLICATE_ELEMENT": "schema.repeat", "INVALID_ALTITUDE_CEILING_RANGE": "area.ceiling.below",
    "INVALID_AREA": "area.ceiling.alone", "INVALID_CHARACTERS": "text.control", "INVALID_CIRCLE": "area.circle.form",
    "INVALID_DATE": "schema.time", "INVALID_DEREF_URI": "resource.derefUri.form", "INVALID_ENUM_VALUE": "schema.word",
    "INVALID_IDENTIFIER": "identifier.form", "INVALID_LANGUAGE": "schema.type",
    "INVALID_MIME_TYPE": "resource.mime.form", "INVALID_POLYGON": "area.polygon.closed",
    "INVALID_POLYGON_SELF_INTERSECTION": "area.polygon.crossing", "INVALID_REFERENCES": "references.form",
    "INVALID_RESOURCE_SIZE": "schema.type", "INVALID_RESOURCE_URI": "schema.type", "INVALID_SENDER": "sender.form",
    "INVALID_SEQUENCE": "schema.order", "INVALID_VALUE": "schema.type", "INVALID_URI": "schema.type",
    "INVALID_WEB": "web.form", "MISSING_REQUIRED_ELEMENT": "schema.missing", "OTHER": "xml.gate",
    "PASSWORD_DEPRECATED": "schema.unknown", "RELATIVE_URI_MISSING_DEREF_URI": "resource.uri.relative",
    "RESTRICTION_SCOPE_MISMATCH": "restriction.extra", "UNSUPPORTED_ELEMENT": "schema.unknown",
    "TEXT_CONTAINS_HTML_ENTITIES": "text.entity", "TEXT_CONTAINS_HTML_TAGS": "text.html",
    "POSTDATED_REFERENCE": "references.later", "SAME_TEXT_DIFFERENT_LANGUAGE": "language.same",
}
SHARED_NAMES = {
    "UPDATE_OR_CANCEL_MUST_REFERENCE": "references.missing", "CATEGORIES_MUST_MATCH": "category.differ",
    "EVENT_CODES_MUST_MATCH": "eventCode.differ", "INFO_IS_REQUIRED": "info.missing", "IS_REQUIRED": "info.missing",
    "EXPIRES_IS_REQUIRED": "expires.missing", "EXPIRES_STRONGLY_RECOMMENDED": "expires.missing",
    "AREA_IS_REQUIRED": "area.missing", "SENDER_NAME_STRONGLY_RECOMMENDED": "senderName.missing",
    "RESPONSE_TYPE_STRONGLY_RECOMMENDED": "responseType.missing",
    "INSTRUCTION_STRONGLY_RECOMMENDED": "instruction.missing", "CIRCLE_POLYGON_ENCOURAGED": "area.shape.missing",
    "CIRCLE_POLYGON_PREFERRED": "area.shape.preferred",
}
GOOGLE = {
    "DESCRIPTION_IS_REQUIRED": "description.missing", "WEB_IS_REQUIRED": "web.missing",
    "EFFECTIVE_NOT_AFTER_EXPIRES": "expires.effective", "URGENCY_IS_REQUIRED": "schema.missing",
    "SEVERITY_IS_REQUIRED": "schema.missing", "CERTAINTY_IS_REQUIRED": "schema.missing",
    "CIRCLE_POLYGON_OR_GEOCODE_IS_REQUIRED": "area.extent.missing", "TEST_ALERT_DISCOURAGED": "status.test",
    "HEADLINE_TOO_LONG": "google.headline.long", "HEADLINE_AND_DESCRIPTION_SHOULD_DIFFER": "text.same",
    "DESCRIPTION_AND_INSTRUCTION_SHOULD_DIFFER": "text.same", "UNKNOWN_URGENCY_DISCOURAGED": "word.unknown",
    "UNKNOWN_SEVERITY_DISCOURAGED": "word.unknown", "UNKNOWN_CERTAINTY_DISCOURAGED": "word.unknown",
    "CONTACT_IS_RECOMMENDED": "contact.missing", "NONZERO_CIRCLE_RADIUS_RECOMMENDED": "area.circle.zero",
    "EVENTS_IN_SAME_LANGUAGE_SHOULD_MATCH": "event.differ", "EMPTY_GEOCODE_FIELD": "area.geocode.empty",
    "SENT_INCLUDES_UTC_TIMEZONE": "sent.utc", "EFFECTIVE_INCLUDES_UTC_TIMEZONE": "effective.utc",
    "ONSET_INCLUDES_UTC_TIMEZONE": "onset.utc", "EXPIRES_INCLUDES_UTC_TIMEZONE": "expires.utc",
}
IPAWS = {
    "SENT_INCLUDE_TIMEZONE_OFFSET": "sent.utc", "EXPIRES_INCLUDE_TIMEZONE_OFFSET": "expires.utc",
    "VERSION_CODE_REQUIRED": "ipaws.code", "SAME_EVENT_CODE_REQUIRED": "ipaws.eventCode",
    "INFO_EFFECTIVE_IS_IGNORED": "ipaws.effective", "INFO_ONSET_IS_IGNORED": "ipaws.onset",
    "INFO_DESCRIPTION_RECOMMENDED": "description.missing", "INFO_INSTRUCTION_RECOMMENDED": "instruction.missing",
    "AREA_SAME_GEOCODE_RECOMMENDED": "ipaws.geocode",
}
CAP_CP = {
    "VERSION_CODE_REQUIRED": "cap-cp.code", "RECOGNIZED_EVENT_CODE_REQUIRED": "cap-cp.eventCode",
    "AREA_GEOCODE_IS_REQUIRED": "cap-cp.geocode", "ENGLISH_AND_FRENCH": "cap-cp.languages",
}
CAP_AU = {
    "VERSION_CODE_REQUIRED": "cap-au.code", "ONE_AUTHORIZED_EVENT_CODE_PER_ALERT": "cap-au.eventCode.one",
    "EVENTS_IN_SAME_LANGUAGE_MUST_MATCH": "event.differ", "UNRECOGNIZED_EVENT_CODE": "cap-au.eventCode.unknown",
    "EVENT_AND_EVENT_CODE_MUST_MATCH": "cap-au.eventCode.event",
    "DO_NOT_USE_EFFECTIVE_WITH_MSGTYPE_CANCEL": "cap-au.effective", "SENDER_SHOULD_BE_EMAIL": "cap-au.sender",
    "TEST_ALERT_WILL_NOT_BE_BROADCAST": "status.test", "RECOGNIZED_EVENT_CODE_NOT_USED": "cap-au.eventCode.one",
    "AREA_GEOCODE_IS_RECOMMENDED": "cap-au.geocode",
}
PROFILES = {"CAP (base)": ("base", BASE), "Google": ("google", dict(SHARED_NAMES, **GOOGLE)),
            "IPAWS 1.0": ("ipaws", dict(SHARED_NAMES, **IPAWS)),
            "CAP-CP (Canada)": ("cap-cp", dict(SHARED_NAMES, **CAP_CP)),
            "CAP-AU": ("cap-au", dict(SHARED_NAMES, **CAP_AU))}
LEVELS = {"ERROR": ("error",), "WARNING": ("error", "warning"), "RECOMMENDATION": ("error", "warning", "advice"),
          "INFO": ("error", "warning", "advice")}


def ours():
    printed = subprocess.run([os.path.join(BINARIES, "tocsin"), "validate", "--rules", "--json"], capture_output=True,
                             text=True, check=True).stdout
    return {rule["rule"]: rule for rule in map(json.loads, printed.splitlines())}


def asked(rule, profile, levels):
    """Does the standard or the profile ask it, at one of these levels?"""
    return any(profile in rule[level] or "base" in rule[level] for level in levels)


def test_what_is_named_here_is_a_rule():
    rules = ours()
    for _, table in PROFILES.values():
        assert set(table.values()) <= set(rules), sorted(set(table.values()) - set(rules))


def test_no_rule_of_theirs_is_missing():
    if not os.path.exists(LIST):
        pytest.skip("the corpus is not here (%s): the list is NOT compared" % LIST)
    rules, missing, weaker, looked = ours(), [], [], 0
    with open(LIST, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["profile"] == "feed":  # of Atom, RSS and EDXL around messages, not of messages
                continue
            profile, table = PROFILES[row["profile"]]
            looked += 1
            if row["rule"] not in table:
                missing.append((row["profile"], row["rule"]))
            elif not asked(rules[table[row["rule"]]], profile, LEVELS[row["level"]]):
                weaker.append((row["profile"], row["rule"], row["level"]))
    assert looked > 100
    assert not missing, missing
    assert not weaker, weaker
