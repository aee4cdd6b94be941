BEGIN TRANSACTION;
CREATE TABLE studio_about (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "studio_about" VALUES('schema_version','1');
CREATE TABLE studio_charges (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run_id VARCHAR NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	credits INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	reserved_at_ms BIGINT NOT NULL, 
	ended_at_ms BIGINT, 
	UNIQUE (run_id), 
	FOREIGN KEY(run_id) REFERENCES studio_runs (run_id), 
	FOREIGN KEY(workspace_id) REFERENCES studio_workspaces (workspace_id)
);
INSERT INTO "studio_charges" VALUES(1,'run_6','ws_1',4,'settled',1800000000000,1800000000000);
INSERT INTO "studio_charges" VALUES(2,'run_66','ws_1',4,'settled',1800000000000,1800000000000);
CREATE TABLE studio_idempotency_keys (
	workspace_id VARCHAR NOT NULL, 
	operation VARCHAR NOT NULL, 
	destination VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	PRIMARY KEY (workspace_id, operation, destination, "key")
);
INSERT INTO "studio_idempotency_keys" VALUES('ws_1','generation','prj_4','a red cup',1800000000000);
INSERT INTO "studio_idempotency_keys" VALUES('ws_1','generation','prj_4','a cat''s hat',1800000000000);
CREATE TABLE studio_nodes (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	node_id VARCHAR NOT NULL, 
	project_id VARCHAR NOT NULL, 
	run_id VARCHAR NOT NULL, 
	output_id VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	label TEXT, 
	created_at_ms BIGINT NOT NULL, 
	UNIQUE (run_id, output_id), 
	UNIQUE (node_id), 
	FOREIGN KEY(project_id) REFERENCES studio_projects (project_id), 
	FOREIGN KEY(run_id) REFERENCES studio_runs (run_id)
);
INSERT INTO "studio_nodes" VALUES(1,'00000000-0000-0000-0000-00000000003d','prj_4','run_6','output_1','image','a red cup',1800000000000);
INSERT INTO "studio_nodes" VALUES(2,'00000000-0000-0000-0000-000000000047','prj_4','run_66','output_1','image','a cat''s hat',1800000000000);
CREATE TABLE studio_outputs (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run_id VARCHAR NOT NULL, 
	output_id VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	file_name VARCHAR NOT NULL, 
	mime_type VARCHAR NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	width_px INTEGER, 
	height_px INTEGER, 
	UNIQUE (run_id, output_id), 
	UNIQUE (run_id, file_name), 
	FOREIGN KEY(run_id) REFERENCES studio_runs (run_id)
);
INSERT INTO "studio_outputs" VALUES(1,'run_6','output_1','imageUrl','output_1.png','image/png',72,'ed0b24b48f057d21ce66a6903a4c2a321af0db24e53ec7cf213acbdd040d10ce',1024,1024);
INSERT INTO "studio_outputs" VALUES(2,'run_66','output_1','imageUrl','output_1.png','image/png',74,'1606c7559cdfcb5cc3194281053290ec83ae2bb0dda623167d84a04d1d80fafd',1024,1024);
CREATE TABLE studio_projects (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	project_id VARCHAR NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	last_modified_ms BIGINT NOT NULL, 
	UNIQUE (project_id), 
	FOREIGN KEY(workspace_id) REFERENCES studio_workspaces (workspace_id)
);
INSERT INTO "studio_projects" VALUES(1,'prj_4','ws_1','Old','api',1800000000000,1800000000000);
CREATE TABLE studio_runs (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run_id VARCHAR NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	project_id VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	progress INTEGER NOT NULL, 
	media_type VARCHAR NOT NULL, 
	model_id VARCHAR NOT NULL, 
	prompt TEXT NOT NULL, 
	params JSON NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	started_at_ms BIGINT, 
	completed_at_ms BIGINT, 
	error_code VARCHAR, 
	error_message TEXT, 
	facts JSON, 
	UNIQUE (run_id), 
	FOREIGN KEY(workspace_id) REFERENCES studio_workspaces (workspace_id), 
	FOREIGN KEY(project_id) REFERENCES studio_projects (project_id)
);
INSERT INTO "studio_runs" VALUES(1,'run_6','ws_1','prj_4','generation','completed',100,'image','t2i-studio-scene','a red cup','{"aspect_ratio": "1:1", "resolution": "1k", "seed": 7}',1800000000000,1800000000000,1800000000000,NULL,NULL,'{"render_seconds": 0.023, "alt_text": "A drawing of a red cup", "recognised": [], "ignored": [], "seed": 7, "width_px": 1024, "height_px": 1024}');
INSERT INTO "studio_runs" VALUES(2,'run_66','ws_1','prj_4','generation','completed',100,'image','t2i-studio-scene','a cat''s hat','{"aspect_ratio": "1:1", "resolution": "1k", "seed": 7}',1800000000000,1800000000000,1800000000000,NULL,NULL,'{"render_seconds": 0.038, "alt_text": "A drawing of a cat''s hat", "recognised": [], "ignored": [], "seed": 7, "width_px": 1024, "height_px": 1024}');
CREATE TABLE studio_workspaces (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	UNIQUE (workspace_id)
);
INSERT INTO "studio_workspaces" VALUES(1,'ws_1','Studio',1800000000000);
CREATE INDEX studio_projects_by_activity ON studio_projects (workspace_id, last_modified_ms, number);
CREATE INDEX studio_runs_by_status ON studio_runs (status, number);
CREATE INDEX studio_runs_by_project ON studio_runs (project_id, number);
CREATE INDEX studio_nodes_by_project ON studio_nodes (project_id, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('studio_workspaces',1);
INSERT INTO "sqlite_sequence" VALUES('studio_projects',1);
INSERT INTO "sqlite_sequence" VALUES('studio_runs',2);
INSERT INTO "sqlite_sequence" VALUES('studio_charges',2);
INSERT INTO "sqlite_sequence" VALUES('studio_outputs',2);
INSERT INTO "sqlite_sequence" VALUES('studio_nodes',2);
COMMIT;
