-- What the roles may do, tried as each of them.
BEGIN;
\ir support/people.psql
SELECT no_plan();

CREATE TEMPORARY TABLE relation AS
    SELECT n.nspname AS schema, c.oid::regclass::text AS name, c.relkind AS kind
      FROM pg_catalog.pg_class AS c
     INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('app', 'ops', 'report_v1') AND c.relkind IN ('r', 'v', 'm');
CREATE TEMPORARY TABLE function AS
    SELECT p.oid, p.oid::regprocedure::text AS name, n.nspname AS schema,
           format('%I.%I', n.nspname, p.proname) AS bare, p.pronargs AS arguments
      FROM pg_catalog.pg_proc AS p
     INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspowner = 'rapport_owner'::regrole AND n.nspname NOT IN ('app', 'report_v1');
GRANT SELECT ON relation, function TO PUBLIC;

SELECT is(
    (SELECT count(*) FROM pg_catalog.pg_roles AS r
      WHERE r.rolname IN ('rapport_api', 'rapport_owner', 'rapport_report')
        AND NOT (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls OR r.rolcanlogin)),
    3::bigint, 'roles: nothing special, no log-in');
SELECT is_empty(
    $$SELECT m.roleid::regrole, m.member::regrole FROM pg_catalog.pg_auth_members AS m
       WHERE m.member IN ('rapport_api'::regrole, 'rapport_report'::regrole)$$, 'roles: members of nothing');
SELECT bag_eq(
    $$SELECT f.name FROM function AS f WHERE has_function_privilege('rapport_api', f.oid, 'EXECUTE')$$,
    $$SELECT f.name FROM function AS f
       WHERE f.schema = 'jobs'
          OR f.bare IN (SELECT r.function FROM app.route AS r)
          OR f.bare IN ('http.gateway_state', 'http.gateway_routes', 'http.gateway_refusals', 'http.gateway_faults',
                        'http.guarded', 'http.seen')$$,
    'rapport_api: executes what is published, and nothing else');
SELECT is_empty(
    $$SELECT f.name FROM function AS f WHERE has_function_privilege('rapport_report', f.oid, 'EXECUTE')$$,
    'rapport_report: executes nothing of ours');
SELECT is_empty(
    $$SELECT s.name, r.name
        FROM pg_catalog.pg_namespace AS n
       CROSS JOIN LATERAL (SELECT n.nspname::text AS name) AS s
       CROSS JOIN unnest(ARRAY['rapport_api', 'rapport_report']) AS r (name)
       WHERE n.nspname !~ '^pg_temp' AND has_schema_privilege(r.name, s.name, 'CREATE')$$, 'roles: make nothing');
SELECT is_empty(
    $$SELECT r.name FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r (name)
       WHERE has_database_privilege(r.name, current_database(), 'CREATE, TEMPORARY')$$,
    'roles: not even temporary tables');

-- As rapport_api
SET LOCAL ROLE rapport_api;
SELECT throws_ok(format('SELECT FROM %s', r.name), '42501', NULL, 'rapport_api: reads nothing of ' || r.name)
  FROM relation AS r;
SELECT throws_ok(format('DELETE FROM %s', r.name), '42501', NULL, 'rapport_api: deletes nothing of ' || r.name)
  FROM relation AS r WHERE r.kind = 'r';
SELECT throws_ok(
    format('SELECT %s(%s)', f.bare, (SELECT string_agg('NULL', ', ') FROM generate_series(1, f.arguments))), '42501', NULL,
    'rapport_api: does not execute ' || f.name)
  FROM function AS f
 WHERE NOT has_function_privilege(f.oid, 'EXECUTE')
   AND NOT EXISTS (SELECT FROM function AS o WHERE o.bare = f.bare AND o.oid <> f.oid);
SELECT lives_ok('SELECT * FROM http.gateway_state()', 'rapport_api: reads the state');
SELECT lives_ok('SELECT * FROM http.gateway_routes()', 'rapport_api: reads the routes');
SELECT lives_ok('SELECT * FROM http.gateway_refusals()', 'rapport_api: reads the refusals');
SELECT lives_ok('SELECT * FROM http.gateway_faults()', 'rapport_api: reads the faults');
SELECT lives_ok('SELECT http.seen(ARRAY[1, 2]::bigint[])', 'rapport_api: reports who was seen');
SELECT lives_ok(
    $$SELECT * FROM http.guarded('http.noop', ROW('id', 'GET', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::http.request)$$,
    'rapport_api: goes through the guard');
SELECT lives_ok($$SELECT * FROM http.noop(NULL)$$, 'rapport_api: calls a route');
SELECT throws_ok('CREATE TEMPORARY TABLE mine ()', '42501', NULL, 'rapport_api: makes no temporary table');
RESET ROLE;

-- As rapport_report
SET LOCAL ROLE rapport_report;
SELECT throws_ok(format('SELECT FROM %s', r.name), '42501', NULL, 'rapport_report: reads nothing of ' || r.name)
  FROM relation AS r WHERE r.schema <> 'report_v1';
SELECT lives_ok(format('SELECT * FROM %s', r.name), 'rapport_report: reads ' || r.name)
  FROM relation AS r WHERE r.schema = 'report_v1';
SELECT ok(NOT has_table_privilege(r.name, 'INSERT, UPDATE, DELETE'), 'rapport_report: changes nothing through ' || r.name)
  FROM relation AS r WHERE r.schema = 'report_v1';
SELECT throws_ok('SELECT http.gateway_state()', '42501', NULL, 'rapport_report: executes nothing');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
