-- A constraint's name is mapped to an error of the contracts, so it says what is broken: no name
-- that PostgreSQL made up (account_email_check, account_check1).
SELECT c.conrelid::regclass::text AS object, c.conname || ' is not a name' AS finding
  FROM pg_catalog.pg_constraint AS c
 WHERE c.connamespace = 'app'::regnamespace
   AND c.contype <> 'p'
   AND c.conname ~ '_(check|key|fkey|excl|not_null)[0-9]*$'
 ORDER BY 1, 2;
