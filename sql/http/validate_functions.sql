-- The registry, held against the functions it names.

CREATE FUNCTION http.validate_functions() RETURNS TABLE (route text, finding text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    WITH named AS (
        SELECT r.method || ' ' || r.path AS route, r.method, r.path, r.function, r.changes_on_get,
               to_regprocedure(r.function || '(http.request)') AS oid
          FROM app.route AS r
    ), found AS (
        SELECT n.route, n.method, n.function, n.changes_on_get, n.path ~ '[{]' AS has_variables,
               p.oid, p.proowner, p.prosecdef, p.proconfig, p.provolatile, p.prorettype,
               p.proretset, p.proacl, p.prosrc, p.pronamespace
          FROM named AS n
         INNER JOIN pg_catalog.pg_proc AS p ON p.oid = n.oid
    )
    SELECT n.route, format('there is no function %s(http.request)', n.function)
      FROM named AS n
     WHERE n.oid IS NULL
     UNION ALL
    SELECT f.route, f.function || ' does not return one http.response'
      FROM found AS f
     WHERE f.prorettype <> 'http.response'::regtype OR f.proretset
     UNION ALL
    SELECT f.route, f.function || ' does not belong to rapport_owner'
      FROM found AS f
     WHERE f.proowner <> 'rapport_owner'::regrole
     UNION ALL
    SELECT f.route, f.function || ' is not SECURITY DEFINER' FROM found AS f WHERE NOT f.prosecdef
     UNION ALL
    SELECT f.route, f.function || ' does not SET search_path = pg_catalog, pg_temp'
      FROM found AS f
     WHERE 'search_path=pg_catalog, pg_temp' = ANY (f.proconfig) IS NOT TRUE
     UNION ALL
    SELECT f.route, f.function || ' is not executable by rapport_api'
      FROM found AS f
     WHERE NOT has_function_privilege('rapport_api', f.oid, 'EXECUTE')
        OR NOT has_schema_privilege('rapport_api', f.pronamespace, 'USAGE')
     UNION ALL
    SELECT f.route, f.function || ' is executable by PUBLIC'
      FROM found AS f
     WHERE EXISTS (SELECT
                     FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
                    WHERE a.grantee = 0)
     UNION ALL
    SELECT f.route, f.function || ' is VOLATILE, which a GET is only with p_changes_on_get'
      FROM found AS f
     WHERE f.method = 'GET' AND f.provolatile = 'v' AND NOT f.changes_on_get
     UNION ALL
    SELECT f.route, f.function || CASE WHEN f.has_variables
               THEN ' does not read p_request.path, though the path has variables'
               ELSE ' reads p_request.path, but the path has no variables' END
      FROM found AS f
     WHERE f.has_variables <> (f.prosrc ~ 'p_request\)?[.]path');
$function$;
COMMENT ON FUNCTION http.validate_functions() IS
    'Routes whose function is not there, not safe to publish, or does not suit its method and '
    'path.';
