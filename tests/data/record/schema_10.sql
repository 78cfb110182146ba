-- SPDX-License-Identifier: Apache-2.0
-- A record of schema 10 as a house left it: one bulletin with a review that waits for its signature, one released whose
-- short messages are half sent (a block done, a block with one of two recipients, SENDING) and whose broker still waits.
-- For tests/unit/record/test_upgrade.c. A dump of SQLite's, made when 10 was the newest; never changed.
BEGIN TRANSACTION;
CREATE TABLE account (officer TEXT PRIMARY KEY, password TEXT NOT NULL, factor TEXT NOT NULL, used_step BIGINT NOT NULL, enrol_digest TEXT NOT NULL, enrol_ends BIGINT NOT NULL, password_next TEXT NOT NULL, factor_next TEXT NOT NULL, created BIGINT NOT NULL, changed BIGINT NOT NULL, signed_in BIGINT NOT NULL);
CREATE TABLE approval (id INTEGER PRIMARY KEY, bulletin INTEGER NOT NULL REFERENCES bulletin (row), act TEXT NOT NULL, officer TEXT NOT NULL, time BIGINT NOT NULL, manifest TEXT NOT NULL, signature TEXT NOT NULL, recorded BIGINT NOT NULL, voided INTEGER NOT NULL);
INSERT INTO "approval" VALUES(1,1,'review','zhao',1795500000000,'05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f','c2lnbmF0dXJl',1795500000000,0);
CREATE TABLE audience (bulletin INTEGER NOT NULL REFERENCES bulletin (row), target TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (bulletin, target));
INSERT INTO "audience" VALUES(1,'sms-main',0,'19afb704611627d13b79c2d78a22edd4d5803046dc73e739b4ac19f69470f397',5);
INSERT INTO "audience" VALUES(2,'sms-main',0,'19afb704611627d13b79c2d78a22edd4d5803046dc73e739b4ac19f69470f397',5);
CREATE TABLE audience_block (bulletin INTEGER NOT NULL, target TEXT NOT NULL, block INTEGER NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (bulletin, target, block), FOREIGN KEY (bulletin, target) REFERENCES audience (bulletin, target));
INSERT INTO "audience_block" VALUES(1,'sms-main',0,'13900000001
13900000002
13900000003
');
INSERT INTO "audience_block" VALUES(1,'sms-main',1,'13900000004
13900000005
');
INSERT INTO "audience_block" VALUES(2,'sms-main',0,'13900000001
13900000002
13900000003
');
INSERT INTO "audience_block" VALUES(2,'sms-main',1,'13900000004
13900000005
');
CREATE TABLE audit (seq BIGINT PRIMARY KEY, at BIGINT NOT NULL, what TEXT NOT NULL, ref TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL);
INSERT INTO "audit" VALUES(1,1795500000000,'submitted','b1','{"manifest":"05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f","officer":"li","reason":"16027bcbc99b13108fa471d0f53a8c57fc787c2ecef80832413d978b7cf102d3"}','56d4ebf93d078e1763ec8604cce94cea9ceb8ccb66e51102d174fe35514f98f0');
INSERT INTO "audit" VALUES(2,1795500000000,'delivery','b2','{"attempt":1,"block":0,"delivery":1,"failed":0,"proof":"1f185fc52bfcdf8d67f60130792d57d2c4f9159a536eea862306c7f41cd01a09","reached":3,"state":"delivered","target":"sms-main"}','3b27c267ae328d9bb7402edfff7fb431a68bc2bdcb245df2bd7bb40910411ceb');
INSERT INTO "audit" VALUES(3,1795500000000,'decision','b2','{"asked":"release","decision":1,"digest":"ec182c97bfc7323620b3a4069089aa641d1f5d5995ea658de507438a7b4d061f","officer":"wang","permit":true}','2339e7746ec2ec4ac57c1bc95514781bbb94215634173afcefedc0b6f8e83985');
CREATE TABLE audit_head (chain TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO "audit_head" VALUES('main',3,'2339e7746ec2ec4ac57c1bc95514781bbb94215634173afcefedc0b6f8e83985');
CREATE TABLE bulletin (row INTEGER PRIMARY KEY, state TEXT NOT NULL, version BIGINT NOT NULL, mode TEXT NOT NULL, verb TEXT NOT NULL, kind TEXT NOT NULL, level TEXT NOT NULL, procedure TEXT NOT NULL, disclosure TEXT NOT NULL, screening TEXT NOT NULL, screening_note TEXT NOT NULL, hazard TEXT NOT NULL, status TEXT NOT NULL, unit TEXT NOT NULL, drafter TEXT NOT NULL, source TEXT NOT NULL, incident TEXT NOT NULL, handler TEXT NOT NULL, identifier TEXT NOT NULL, chain TEXT NOT NULL, replaces TEXT NOT NULL, parent TEXT NOT NULL, staged_as TEXT NOT NULL, headline TEXT NOT NULL, areas TEXT NOT NULL, targets TEXT NOT NULL, releaser TEXT NOT NULL, reason TEXT NOT NULL, created BIGINT NOT NULL, submitted BIGINT NOT NULL, approved BIGINT NOT NULL, released BIGINT NOT NULL, sent BIGINT NOT NULL, expires BIGINT NOT NULL, sequence BIGINT NOT NULL, release_order BIGINT NOT NULL, disclosure_reason TEXT NOT NULL DEFAULT '', earlier TEXT NOT NULL DEFAULT '');
INSERT INTO "bulletin" VALUES(1,'submitted',2,'live','publish','warning','orange','normal','proactive','reviewed','','11B03','Actual','tj-met','li','','','','12000041600000_20261124094000_0','12000041600000_20261124094000_0','','','','暴雨待签发','120116
120111
','mqtt-north
sms-main
','','',1795500000000,1795500000000,0,0,0,1795503600000,0,0,'','zhou
wu
');
INSERT INTO "bulletin" VALUES(2,'released',3,'live','publish','warning','blue','normal','proactive','reviewed','','11B03','Actual','tj-met','li','','','','12000041600000_20261124094100_0','12000041600000_20261124094100_0','','','','大风已发布','120116
120111
','mqtt-north
sms-main
','','',1795500000000,1795500000000,0,1795500000000,0,1795503600000,0,1,'','zhou
wu
');
CREATE TABLE bulletin_body (bulletin INTEGER PRIMARY KEY REFERENCES bulletin (row), cap TEXT NOT NULL, manifest TEXT NOT NULL, signed_cap TEXT, filled_manifest TEXT, manifest_signature TEXT, upstream BLOB);
INSERT INTO "bulletin_body" VALUES(1,'<alert/>','manifest',NULL,NULL,NULL,NULL);
INSERT INTO "bulletin_body" VALUES(2,'<alert/>','manifest','<alert>signed</alert>',NULL,NULL,NULL);
CREATE TABLE bulletin_text (bulletin INTEGER NOT NULL REFERENCES bulletin (row), target TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, filled TEXT, PRIMARY KEY (bulletin, target));
INSERT INTO "bulletin_text" VALUES(1,'sms-main',0,'sms','【天津】暴雨橙色预警 {sent}',NULL);
INSERT INTO "bulletin_text" VALUES(2,'sms-main',0,'sms','【天津】暴雨橙色预警 {sent}',NULL);
CREATE TABLE change (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, mode TEXT NOT NULL, follows TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, closer TEXT NOT NULL, proposed BIGINT NOT NULL, ends BIGINT NOT NULL, closed BIGINT NOT NULL);
CREATE TABLE change_proof (id INTEGER PRIMARY KEY, change INTEGER NOT NULL REFERENCES change (row), act TEXT NOT NULL, officer TEXT NOT NULL, time BIGINT NOT NULL, signature TEXT NOT NULL, recorded BIGINT NOT NULL, UNIQUE (change, officer));
CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO "counter" VALUES('release order',1);
INSERT INTO "counter" VALUES('mqtt',1);
CREATE TABLE decision (id INTEGER PRIMARY KEY, bulletin INTEGER REFERENCES bulletin (row), asked TEXT NOT NULL, officer TEXT NOT NULL, permit INTEGER NOT NULL, decision TEXT NOT NULL, facts TEXT NOT NULL, at BIGINT NOT NULL);
INSERT INTO "decision" VALUES(1,2,'release','wang',1,'{"permit":true}','{"permit":true}',1795500000000);
CREATE TABLE delivery (id INTEGER PRIMARY KEY, bulletin INTEGER NOT NULL REFERENCES bulletin (row), target TEXT NOT NULL, job_kind INTEGER NOT NULL, block INTEGER NOT NULL, chain TEXT NOT NULL, level TEXT NOT NULL, correction INTEGER NOT NULL, state TEXT NOT NULL, began INTEGER NOT NULL, attempt INTEGER NOT NULL, release_order BIGINT NOT NULL, due BIGINT NOT NULL, expires BIGINT NOT NULL, far_id TEXT NOT NULL, proof TEXT NOT NULL, reason TEXT NOT NULL, first_sent BIGINT NOT NULL, updated BIGINT NOT NULL, reached BIGINT NOT NULL, failed BIGINT NOT NULL, done BLOB, accepted BIGINT NOT NULL DEFAULT 0, UNIQUE (bulletin, target, job_kind, block));
INSERT INTO "delivery" VALUES(1,2,'sms-main',0,0,'12000041600000_20261124094100_0','blue',0,'delivered',1,1,1,0,1795503600000,'','3 of 3','',1795500000000,1795500000000,3,0,X'07',1795500000000);
INSERT INTO "delivery" VALUES(2,2,'sms-main',0,1,'12000041600000_20261124094100_0','blue',0,'sending',1,1,1,0,1795503600000,'','','',1795500000000,1795500000000,1,0,X'01',0);
INSERT INTO "delivery" VALUES(3,2,'mqtt-north',0,-1,'12000041600000_20261124094100_0','blue',0,'waiting',0,0,1,0,1795503600000,'','','',0,0,0,0,NULL,0);
CREATE TABLE duty (id INTEGER PRIMARY KEY, bulletin INTEGER NOT NULL REFERENCES bulletin (row), chain TEXT NOT NULL, unit TEXT NOT NULL, what TEXT NOT NULL, recipient TEXT NOT NULL, basis TEXT NOT NULL, opened BIGINT NOT NULL, due BIGINT NOT NULL, state TEXT NOT NULL, closed BIGINT NOT NULL, closed_by TEXT NOT NULL, reference TEXT NOT NULL, note TEXT NOT NULL, shouts INTEGER NOT NULL, shouted BIGINT NOT NULL);
CREATE TABLE idempotent (token TEXT NOT NULL, key TEXT NOT NULL, request_digest TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (token, key));
CREATE TABLE identity (sender TEXT NOT NULL, identifier TEXT NOT NULL, sent BIGINT NOT NULL, digest TEXT NOT NULL, bulletin TEXT NOT NULL, PRIMARY KEY (sender, identifier, sent));
CREATE TABLE incident (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, hazard TEXT NOT NULL, areas TEXT NOT NULL, state TEXT NOT NULL, handler TEXT NOT NULL, sequence BIGINT NOT NULL, head TEXT NOT NULL, opened BIGINT NOT NULL, opener TEXT NOT NULL);
CREATE TABLE incident_step (incident INTEGER NOT NULL REFERENCES incident (row), sequence BIGINT NOT NULL, officer TEXT NOT NULL, time BIGINT NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL, recorded BIGINT NOT NULL, PRIMARY KEY (incident, sequence));
CREATE TABLE instance (mode TEXT NOT NULL);
INSERT INTO "instance" VALUES('live');
CREATE TABLE intake (id INTEGER PRIMARY KEY, at BIGINT NOT NULL, way TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL, problem TEXT NOT NULL, size BIGINT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE known_device (digest TEXT PRIMARY KEY, officer TEXT NOT NULL, ends BIGINT NOT NULL);
CREATE TABLE known_source (officer TEXT NOT NULL, source TEXT NOT NULL, ends BIGINT NOT NULL, PRIMARY KEY (officer, source));
CREATE TABLE late_reason (id INTEGER PRIMARY KEY, bulletin INTEGER NOT NULL REFERENCES bulletin (row), officer TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE policy_version (number BIGINT PRIMARY KEY, version TEXT NOT NULL, head TEXT NOT NULL, change TEXT NOT NULL, at BIGINT NOT NULL, text TEXT NOT NULL);
CREATE TABLE receipt (bulletin INTEGER PRIMARY KEY REFERENCES bulletin (row), at BIGINT NOT NULL, upstream_sent BIGINT NOT NULL);
CREATE TABLE schema_version (version BIGINT NOT NULL);
INSERT INTO "schema_version" VALUES(10);
CREATE TABLE screening (bulletin INTEGER PRIMARY KEY REFERENCES bulletin (row), hits TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE screening_trace (bulletin INTEGER NOT NULL REFERENCES bulletin (row), kind TEXT NOT NULL, digest TEXT NOT NULL, subject INTEGER NOT NULL, PRIMARY KEY (bulletin, kind, digest));
CREATE TABLE session (digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, officer TEXT NOT NULL, source TEXT NOT NULL, cookie INTEGER NOT NULL, created BIGINT NOT NULL, used BIGINT NOT NULL, ends BIGINT NOT NULL);
CREATE TABLE sign_in_wait (key TEXT PRIMARY KEY, failures BIGINT NOT NULL, until BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE step (id INTEGER PRIMARY KEY, bulletin INTEGER NOT NULL REFERENCES bulletin (row), kind TEXT NOT NULL, officer TEXT NOT NULL, reason TEXT NOT NULL, manifest TEXT NOT NULL, at BIGINT NOT NULL);
INSERT INTO "step" VALUES(1,1,'submitted','li','','05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f',1795500000000);
CREATE TABLE submitted_words (bulletin INTEGER NOT NULL REFERENCES bulletin (row), digest TEXT NOT NULL, manifest TEXT NOT NULL, cap TEXT NOT NULL, PRIMARY KEY (bulletin, digest));
INSERT INTO "submitted_words" VALUES(1,'05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f','manifest','<alert/>');
CREATE TABLE taken_identifier (identifier TEXT PRIMARY KEY, at BIGINT NOT NULL);
INSERT INTO "taken_identifier" VALUES('12000041600000_20261124140000_0',1795500000000);
CREATE TABLE token (secret_digest TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, officer TEXT NOT NULL, source TEXT NOT NULL, scopes TEXT NOT NULL, ends BIGINT NOT NULL, created BIGINT NOT NULL, addresses TEXT NOT NULL DEFAULT '', used BIGINT NOT NULL DEFAULT 0);
CREATE TABLE turn_call (bulletin INTEGER NOT NULL REFERENCES bulletin (row), step TEXT NOT NULL, since BIGINT NOT NULL, rung INTEGER NOT NULL, called BIGINT NOT NULL, tries INTEGER NOT NULL, arrived BIGINT NOT NULL, confirmed BIGINT NOT NULL, confirmed_by TEXT NOT NULL, PRIMARY KEY (bulletin, step, since));
CREATE INDEX bulletin_state ON bulletin (state, row);
CREATE INDEX bulletin_identifier ON bulletin (identifier);
CREATE INDEX bulletin_chain ON bulletin (chain, release_order);
CREATE INDEX bulletin_parent ON bulletin (parent);
CREATE INDEX approval_bulletin ON approval (bulletin);
CREATE INDEX decision_bulletin ON decision (bulletin);
CREATE INDEX delivery_live ON delivery (state) WHERE state IN ('waiting','sending','unknown');
CREATE INDEX delivery_far_id ON delivery (target, far_id) WHERE far_id <> '';
CREATE INDEX audit_ref ON audit (ref, seq);
CREATE INDEX bulletin_incident ON bulletin (incident) WHERE incident <> '';
CREATE INDEX bulletin_hazard ON bulletin (hazard, created);
CREATE INDEX change_open ON change (ends) WHERE state = 'proposed';
CREATE INDEX session_officer ON session (officer, created);
CREATE INDEX known_device_officer ON known_device (officer, ends);
CREATE INDEX step_bulletin ON step (bulletin);
CREATE INDEX bulletin_released ON bulletin (released);
CREATE INDEX bulletin_expires ON bulletin (expires) WHERE state = 'released';
CREATE INDEX delivery_ended ON delivery (updated) WHERE state IN ('rejected','expired','unknown');
CREATE INDEX late_reason_bulletin ON late_reason (bulletin, id);
CREATE INDEX duty_open ON duty (due) WHERE state = 'open';
CREATE INDEX duty_chain ON duty (chain) WHERE state = 'open';
CREATE INDEX duty_bulletin ON duty (bulletin);
CREATE INDEX delivery_withdrawn ON delivery (updated) WHERE state = 'withdrawn';
COMMIT;
