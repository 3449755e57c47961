-- The code schemas are dropped by every migrate: no table or sequence may stand in them.
SELECT c.oid::regclass::text AS object, 'holds data in a code schema' AS finding
  FROM pg_catalog.pg_class AS c
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspowner = 'rapport_owner'::regrole AND n.nspname NOT IN ('app', 'report_v1')
   AND c.relkind IN ('r', 'p', 'S', 'm', 'f')
 ORDER BY 1;
