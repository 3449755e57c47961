-- plpgsql_check over every plpgsql function. A contract function has its parameter by contract,
-- used or not; what http.call_route executes is typed by the registry's validation, which
-- plpgsql_check cannot see.
SELECT p.oid::regprocedure::text AS object,
       format('line %s: %s', c.lineno, concat_ws('; ', c.message, c.detail, c.hint)) AS finding
  FROM pg_catalog.pg_proc AS p
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 INNER JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
 CROSS JOIN LATERAL public.plpgsql_check_function_tb(
     p.oid, extra_warnings := true, security_warnings := true, performance_warnings := false) AS c
 WHERE n.nspowner = 'rapport_owner'::regrole
   AND p.prorettype <> 'trigger'::regtype
   AND c.message <> 'unused parameter "p_request"'
   AND c.message <> 'cannot determinate a result of dynamic SQL'
 ORDER BY 1, 2;
