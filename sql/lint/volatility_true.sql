-- A function that says it does not write calls nothing that writes, as far as its source shows; and
-- what could run in a parallel worker calls nothing that could not.
WITH code AS (
    SELECT p.oid, p.oid::regprocedure::text AS object, p.provolatile, p.proparallel, p.prosrc,
           format('%s.%s', n.nspname, p.proname) AS name
      FROM pg_catalog.pg_proc AS p
     INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspowner = 'rapport_owner'::regrole AND n.nspname NOT IN ('app', 'report_v1')
)
SELECT DISTINCT c.object, v.finding
  FROM code AS c
 INNER JOIN code AS called ON c.prosrc ~ ('\m' || replace(called.name, '.', '[.]') || ' ?\(')
 CROSS JOIN LATERAL (VALUES
    (format('is not VOLATILE, but calls %s, which is', called.name),
     c.provolatile <> 'v' AND called.provolatile = 'v'),
    (format('is IMMUTABLE, but calls %s, which is STABLE', called.name),
     c.provolatile = 'i' AND called.provolatile = 's'),
    (format('is PARALLEL SAFE, but calls %s, which is not', called.name),
     c.proparallel = 's' AND called.proparallel <> 's')
 ) AS v (finding, holds)
 WHERE v.holds
 ORDER BY 1, 2;
