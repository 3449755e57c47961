-- What rapport_api may execute is SECURITY DEFINER with a pinned search_path, and nothing is for
-- PUBLIC.
SELECT p.oid::regprocedure::text AS object, v.finding
  FROM pg_catalog.pg_proc AS p
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL (VALUES
    ('is not SECURITY DEFINER',
     has_function_privilege('rapport_api', p.oid, 'EXECUTE') AND NOT p.prosecdef),
    ('does not SET search_path = pg_catalog, pg_temp',
     p.prosecdef AND 'search_path=pg_catalog, pg_temp' = ANY (p.proconfig) IS NOT TRUE),
    ('is executable by PUBLIC',
     EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0))
 ) AS v (finding, holds)
 WHERE n.nspowner = 'rapport_owner'::regrole
   AND v.holds
 ORDER BY 1, 2;
