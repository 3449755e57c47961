-- The registry's path templates, held against each other.

CREATE FUNCTION http.validate_templates() RETURNS TABLE (route text, finding text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT r.method || ' ' || r.path,
           'the template is not made of /literal and /{variable} parts without a slash at the end'
      FROM app.route AS r
     WHERE r.path !~ '^(/([A-Za-z0-9._~-]+|[{][A-Za-z][A-Za-z0-9_]*[}]))+$'
     UNION ALL
    SELECT r.method || ' ' || r.path, 'answers the same requests as ' || o.path
      FROM app.route AS r
     INNER JOIN app.route AS o
        ON o.method = r.method AND o.path < r.path
       AND regexp_replace(o.path, '[{][^}]*[}]', '{}', 'g')
         = regexp_replace(r.path, '[{][^}]*[}]', '{}', 'g')
     UNION ALL
    SELECT r.method || ' ' || r.path, format('lies in %s, which belongs to %s', r.space, s.contract)
      FROM app.route AS r
     INNER JOIN app.path_space AS s ON s.prefix = r.space
     WHERE r.contract <> s.contract
       AND EXISTS (SELECT FROM app.path_space AS own WHERE own.contract = r.contract);
$function$;
COMMENT ON FUNCTION http.validate_templates() IS
    'Templates that are not well formed, collide (a literal beside a variable does not: it wins), '
    'or lie in another contract''s space.';
