-- The code schemas, dropped and made again by every migrate that finds something changed. They hold
-- no data, so nothing is lost; other sessions see the old ones until the transaction commits.

SET LOCAL client_min_messages = warning;

DROP SCHEMA IF EXISTS core, http, dsrt_v1, gather_v1, companion_v1, exchange_v1, jobs, ops CASCADE;

-- Nothing made from here on is executable by everybody; grants.sql says who may do what.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA core;
COMMENT ON SCHEMA core IS
    'The rules, one function each. Called by the contracts; by nobody from outside.';

CREATE SCHEMA http;
COMMENT ON SCHEMA http IS
    'The frame: request and response, the registry of routes, errors, idempotency, OpenAPI.';

CREATE SCHEMA dsrt_v1;
COMMENT ON SCHEMA dsrt_v1 IS
    'Published contract: every answer is HTTP 200, the status stands in the body.';

CREATE SCHEMA gather_v1;
COMMENT ON SCHEMA gather_v1 IS
    'Published contract: answers carry status "success" or "failed" and a numeric error_code.';

CREATE SCHEMA companion_v1;
COMMENT ON SCHEMA companion_v1 IS
    'Published contract: answers carry success true, or false and a reason.';

CREATE SCHEMA exchange_v1;
COMMENT ON SCHEMA exchange_v1 IS
    'Published contract: bare objects and arrays; a problem is a message, and errors by field.';

CREATE SCHEMA jobs;
COMMENT ON SCHEMA jobs IS 'What the background workers call: claim, complete, fail, sweep.';

CREATE SCHEMA ops;
COMMENT ON SCHEMA ops IS 'Views and functions for the people who run the database.';

CREATE SCHEMA IF NOT EXISTS report_v1;
COMMENT ON SCHEMA report_v1 IS
    'Published to reporting tools: views that gain columns and lose none. Never dropped.';

-- What the code says about itself is said anew by the files that follow.
DELETE FROM app.route;
DELETE FROM app.route_schema;
DELETE FROM app.refusal;
DELETE FROM app.error;
DELETE FROM app.path_space;
DELETE FROM app.contract;
