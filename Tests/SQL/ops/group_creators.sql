BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT is(ops.make_group_creator('gc@example.com', 'password'), 'created', 'make_group_creator: a new account');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "gc@example.com", "password": "password"}}'), NULL, 'make_group_creator: it logs in');
SELECT is(ops.make_group_creator('gc@example.com', 'password'), 'unchanged', 'make_group_creator: twice');
SET LOCAL ROLE rapport_api;
SELECT throws_ok($$SELECT ops.make_group_creator('x@example.com', 'password')$$, '42501', NULL, 'make_group_creator: not by rapport_api');
SET LOCAL ROLE rapport_report;
SELECT throws_ok($$SELECT ops.make_group_creator('x@example.com', 'password')$$, '42501', NULL, 'make_group_creator: nor by rapport_report');
SET LOCAL ROLE rapport_owner;
SELECT is(ops.make_group_creator('y@example.com', 'password'), 'created', 'make_group_creator: by the owner');

SELECT * FROM finish();
ROLLBACK;
