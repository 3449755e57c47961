-- The registry, proved when the code is published.

CREATE FUNCTION http.validate_refusals() RETURNS TABLE (route text, finding text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT s.prefix, format('%s does not say what it answers to %s', s.contract, k.kind)
      FROM app.path_space AS s
     CROSS JOIN http.refusal_kinds() AS k
     WHERE NOT EXISTS (SELECT FROM app.refusal AS r
                        WHERE r.contract = s.contract AND r.kind = k.kind)
     UNION ALL
    SELECT r.contract, format('%s is not a kind of refusal', r.kind)
      FROM app.refusal AS r
     WHERE NOT EXISTS (SELECT FROM http.refusal_kinds() AS k WHERE k.kind = r.kind)
     UNION ALL
    SELECT '/', 'no contract has this space, so that some paths belong to nobody'
     WHERE NOT EXISTS (SELECT FROM app.path_space AS s WHERE s.prefix = '/');
$function$;
COMMENT ON FUNCTION http.validate_refusals() IS
    'Path spaces without an answer to some kind of refusal, and answers to kinds that there are '
    'not.';

CREATE FUNCTION http.validate_routes() RETURNS TABLE (route text, finding text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT f.route, f.finding FROM http.validate_functions() AS f
     UNION ALL
    SELECT t.route, t.finding FROM http.validate_templates() AS t
     UNION ALL
    SELECT d.route, d.finding FROM http.validate_documents() AS d
     UNION ALL
    SELECT r.route, r.finding FROM http.validate_refusals() AS r
     ORDER BY 1, 2;
$function$;
COMMENT ON FUNCTION http.validate_routes() IS
    'Everything wrong with the registry. Migrating fails unless there is nothing.';
