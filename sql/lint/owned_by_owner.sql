-- Everything in the schemas of rapport_owner belongs to it too.
SELECT o.object, 'belongs to ' || o.owner AS finding
  FROM (SELECT p.oid::regprocedure::text, p.pronamespace, p.proowner::regrole::text
          FROM pg_catalog.pg_proc AS p
         UNION ALL
        SELECT c.oid::regclass::text, c.relnamespace, c.relowner::regrole::text
          FROM pg_catalog.pg_class AS c) AS o (object, namespace, owner)
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = o.namespace
 WHERE n.nspowner = 'rapport_owner'::regrole
   AND o.owner <> 'rapport_owner'
 ORDER BY 1;
