BEGIN;
SELECT no_plan();

SELECT core.note('test.event', NULL, '192.0.2.1', 'r-1', '{"a": 1}') IS NOT NULL AS done \gset
SELECT results_eq($$SELECT at, account_id, address, request_id, details FROM app.audit WHERE event = 'test.event'$$,
    $$VALUES (now(), NULL::bigint, '192.0.2.1', 'r-1', '{"a": 1}'::jsonb)$$, 'note: a row');
SELECT throws_ok($$SELECT core.note('Something happened', NULL)$$, '23514', NULL, 'note: events are slugs');

SELECT * FROM finish();
ROLLBACK;
