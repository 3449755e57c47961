BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.token(pg_temp.person('ann@example.com')) AS token \gset
UPDATE app.session SET expires_at = now() WHERE token_hash = core.token_hash(:'token');
SET LOCAL ROLE rapport_api;
SELECT cmp_ok((SELECT s.removed FROM jobs.sweep() AS s WHERE s.what = 'sessions'), '>=', 1::bigint, 'sweep: as rapport_api, what is over now');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
