-- Fills a migrated database with people for measuring: psql -v people=200000 -f people.sql
-- Each is active and has one session whose token is 'bench-' || the number of the account, and the
-- password is 'secret'. Running it again adds only who is missing.

\set ON_ERROR_STOP on
\if :{?people}
\else
    \set people 200000
\endif

BEGIN;
SET LOCAL ROLE rapport_owner;
SET LOCAL synchronous_commit = off;

WITH password AS MATERIALIZED (SELECT core.hash_password('secret') AS hash),
made AS (
    INSERT INTO app.account
        (state, created_via, email, email_confirmed_at, password_hash, password_flow,
         password_set_at, first_name, middle_name, last_name, birth_date, gender, contact_number,
         country, activated_at)
    SELECT 'active', 'dsrt_v1', 'bench-' || n || '@example.com', now(), p.hash,
        'dsrt_v1.registration', now(),
        (ARRAY['Ann', 'Bob', 'Chloé', 'Dmitri', 'Emre', 'Fatima', 'Grace', 'Hiroshi'])[1 + n % 8],
        CASE WHEN n % 3 = 0 THEN 'Maria' END, 'Number ' || n, date '1950-01-01' + n % 20000,
        (ARRAY['male', 'female', 'other'])[1 + n % 3], '+1 555 ' || n,
        (ARRAY['US', 'DE', 'JP', 'BR', 'KE'])[1 + n % 5], now()
    FROM generate_series(1, :people) AS n
    CROSS JOIN password AS p
    ON CONFLICT ON CONSTRAINT account_email_taken DO NOTHING
    RETURNING id
)
INSERT INTO app.session (account_id, token_hash, contract, address, user_agent, expires_at)
SELECT m.id, core.token_hash('bench-' || m.id), 'dsrt_v1', '127.0.0.1', 'bench',
    now() + interval '1 year'
FROM made AS m;

COMMIT;

VACUUM (ANALYZE) app.account, app.session;
