BEGIN;
SELECT no_plan();

UPDATE app.gateway_state SET maintenance = false, generation = 10;
SELECT is(ops.set_maintenance(true), true, 'set_maintenance: turns it on');
SELECT results_eq('SELECT s.generation, s.maintenance FROM http.gateway_state() AS s', 'VALUES (11::bigint, true)', 'set_maintenance: servers are told');
SELECT is(ops.set_maintenance(true), false, 'set_maintenance: it was on');
SELECT results_eq('SELECT s.generation, s.maintenance FROM http.gateway_state() AS s', 'VALUES (11::bigint, true)', 'set_maintenance: nothing to tell');
SELECT is(ops.set_maintenance(false), true, 'set_maintenance: turns it off');
SELECT results_eq('SELECT s.generation, s.maintenance FROM http.gateway_state() AS s', 'VALUES (12::bigint, false)', 'set_maintenance: servers are told again');

SET LOCAL ROLE rapport_api;
SELECT throws_ok('SELECT ops.set_maintenance(true)', '42501', NULL, 'set_maintenance: not for servers');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
