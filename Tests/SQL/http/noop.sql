BEGIN;
SELECT no_plan();

SELECT is(http.noop(NULL), ROW(200, 200, NULL, '{}', NULL, NULL)::http.response, 'noop: an empty object');

SELECT * FROM finish();
ROLLBACK;
