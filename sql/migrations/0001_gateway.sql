-- The frame's tables: the registry (contracts, path spaces, errors, refusals, schemas, routes), the
-- state that servers follow, and the answers kept for Idempotency-Key.

COMMENT ON SCHEMA app IS
    'The data: tables, changed by numbered migrations only. No role but the owner reads or writes '
    'it.';
COMMENT ON TABLE app.migration IS 'The numbered migrations that were applied, each once.';
COMMENT ON COLUMN app.migration.checksum IS
    'SHA-256 of the file as it was applied: an edited migration is refused.';
COMMENT ON TABLE app.build IS 'One row: which build of the code schemas this database carries.';
COMMENT ON COLUMN app.build.checksum IS 'SHA-256 over all code files in load order.';
COMMENT ON COLUMN app.build.version IS 'The version of the program that applied them.';

CREATE TABLE app.contract (
    name text CONSTRAINT contract_pkey PRIMARY KEY,
    style text NOT NULL,
    CONSTRAINT contract_style_known CHECK (style IN ('always_200', 'status', 'success', 'plain'))
);
COMMENT ON TABLE app.contract IS
    'Published contracts. Written by http.define_contract, anew by every migrate.';
COMMENT ON COLUMN app.contract.name IS 'The schema of its functions, as dsrt_v1.';
COMMENT ON COLUMN app.contract.style IS 'How it words a problem: see http.render_problem.';

CREATE TABLE app.path_space (
    prefix text CONSTRAINT path_space_pkey PRIMARY KEY,
    contract text NOT NULL
        CONSTRAINT path_space_contract REFERENCES app.contract ON DELETE CASCADE,
    CONSTRAINT path_space_prefix_slashes CHECK (prefix ~ '^/(.+/)?$')
);
CREATE INDEX path_space_contract_idx ON app.path_space (contract);
COMMENT ON TABLE app.path_space IS
    'Whose style answers where no route does: the longest prefix of the path (with a slash after '
    'it) decides.';

CREATE TABLE app.error (
    contract text NOT NULL CONSTRAINT error_contract REFERENCES app.contract ON DELETE CASCADE,
    code text NOT NULL,
    outcome integer NOT NULL,
    message text NOT NULL,
    headers text,
    CONSTRAINT error_pkey PRIMARY KEY (contract, code),
    CONSTRAINT error_outcome_status CHECK (outcome BETWEEN 200 AND 599),
    CONSTRAINT error_message_present CHECK (message <> ''),
    CONSTRAINT error_headers_lines CHECK (headers ~ '^([A-Za-z-]+: [^\n]+\n)+$')
);
COMMENT ON TABLE app.error IS 'Every error that a client can see, by contract.';
COMMENT ON COLUMN app.error.outcome IS 'HTTP status; what always_200 contracts put into the body.';
COMMENT ON COLUMN app.error.message IS
    'Said where the function that refuses has nothing better to say.';
COMMENT ON COLUMN app.error.headers IS 'Field lines to send with it, each ended by a newline.';

CREATE TABLE app.refusal (
    contract text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    outcome integer NOT NULL,
    message text NOT NULL,
    headers text,
    CONSTRAINT refusal_pkey PRIMARY KEY (contract, kind),
    CONSTRAINT refusal_error FOREIGN KEY (contract, code) REFERENCES app.error ON DELETE CASCADE,
    CONSTRAINT refusal_outcome_status CHECK (outcome BETWEEN 400 AND 599),
    CONSTRAINT refusal_message_present CHECK (message <> ''),
    CONSTRAINT refusal_headers_lines CHECK (headers ~ '^([A-Za-z-]+: [^\n]+\n)+$')
);
CREATE INDEX refusal_error_idx ON app.refusal (contract, code);
COMMENT ON TABLE app.refusal IS
    'What a contract answers where its functions are not reached: one row for each kind of '
    'http.refusal_kinds.';

CREATE TABLE app.route_schema (
    name text CONSTRAINT route_schema_pkey PRIMARY KEY,
    schema jsonb NOT NULL,
    CONSTRAINT route_schema_name_plain CHECK (name ~ '^[A-Za-z0-9._-]+$')
);
COMMENT ON TABLE app.route_schema IS
    'JSON Schemas that several routes share, referred to as #/components/schemas/NAME.';

CREATE TABLE app.route (
    method text NOT NULL,
    path text NOT NULL,
    function text NOT NULL,
    contract text NOT NULL CONSTRAINT route_contract REFERENCES app.contract ON DELETE CASCADE,
    space text NOT NULL CONSTRAINT route_space REFERENCES app.path_space ON DELETE CASCADE,
    credential text NOT NULL,
    lane text NOT NULL,
    time_limit_ms integer NOT NULL,
    body_limit integer NOT NULL,
    summary text,
    description text,
    query_schema jsonb,
    request_schema jsonb,
    response_schema jsonb,
    examples jsonb NOT NULL,
    errors text[] NOT NULL,
    changes_on_get boolean NOT NULL,
    since text NOT NULL,
    deprecated boolean NOT NULL,
    CONSTRAINT route_pkey PRIMARY KEY (method, path),
    CONSTRAINT route_method_known CHECK (method IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
    CONSTRAINT route_function_qualified CHECK (function ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    CONSTRAINT route_credential_known CHECK (credential IN ('none', 'optional', 'required')),
    CONSTRAINT route_lane_known CHECK (lane IN ('fast', 'slow')),
    CONSTRAINT route_time_limit_sane CHECK (time_limit_ms BETWEEN 1 AND 600000),
    CONSTRAINT route_body_limit_sane CHECK (body_limit BETWEEN 0 AND 12 * 1024 * 1024),
    CONSTRAINT route_examples_list CHECK (jsonb_typeof(examples) = 'array')
);
CREATE INDEX route_function_idx ON app.route (function);
CREATE INDEX route_contract_idx ON app.route (contract);
CREATE INDEX route_space_idx ON app.route (space);
COMMENT ON TABLE app.route IS
    'The registry: which function answers which method and path. Written by http.define_route, '
    'anew by every migrate.';
COMMENT ON COLUMN app.route.path IS
    'Template without trailing slash; variables in braces: /api/v1/events/{pk}.';
COMMENT ON COLUMN app.route.function IS
    'Qualified name of a function (http.request) RETURNS http.response.';
COMMENT ON COLUMN app.route.lane IS
    'slow: hashing, exports and reports, which must not queue in front of the rest.';
COMMENT ON COLUMN app.route.examples IS
    '[{"name", "request", "query", "status", "response"}]; checked against the schemas.';
COMMENT ON COLUMN app.route.errors IS 'Codes of app.error that this route answers.';
COMMENT ON COLUMN app.route.changes_on_get IS
    'A GET that writes, as a mailed link does; otherwise a GET must be STABLE.';
COMMENT ON COLUMN app.route.since IS 'The version of the contract that brought it.';

CREATE TABLE app.gateway_state (
    single boolean NOT NULL DEFAULT true CONSTRAINT gateway_state_pkey PRIMARY KEY,
    generation bigint NOT NULL,
    maintenance boolean NOT NULL,
    CONSTRAINT gateway_state_one_row CHECK (single)
);
INSERT INTO app.gateway_state (generation, maintenance) VALUES (0, false);
COMMENT ON TABLE app.gateway_state IS 'One row: what every server must follow.';
COMMENT ON COLUMN app.gateway_state.generation IS
    'Grows whenever servers have to read the registry again.';
COMMENT ON COLUMN app.gateway_state.maintenance IS
    'Only GroupCreators are served. Set by ops.set_maintenance.';

CREATE TABLE app.idempotency_record (
    id bytea CONSTRAINT idempotency_record_pkey PRIMARY KEY,
    lapsed_id bytea CONSTRAINT idempotency_record_lapsed_once UNIQUE,
    caller text NOT NULL,
    function text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    outcome integer,
    headers text,
    body text,
    session_id bigint,
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_record_created_at_idx ON app.idempotency_record (created_at);
COMMENT ON TABLE app.idempotency_record IS
    'Answers kept for 24 hours for POST requests with Idempotency-Key: see http.answer_once.';
COMMENT ON COLUMN app.idempotency_record.id IS
    'SHA-256 of caller, method, function, path values and key.';
COMMENT ON COLUMN app.idempotency_record.lapsed_id IS
    'The same with the token for caller, where the request ended its own session (log-out), so '
    'that a retry is recognised.';
COMMENT ON COLUMN app.idempotency_record.fingerprint IS
    'SHA-256 of query and body: the same key with another one is refused.';
COMMENT ON COLUMN app.idempotency_record.body IS
    'As answered, a token that was issued replaced by the hexadecimal id.';
COMMENT ON COLUMN app.idempotency_record.session_id IS
    'The session whose token the answer carried: a replay exchanges it for a fresh one.';
