-- GET /languages

CREATE FUNCTION exchange_v1.language(p_language app.language) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT json_build_object(
        'id', p_language.id, 'name', p_language.name, 'code', p_language.code, 'flag', p_language.flag)
$function$;
COMMENT ON FUNCTION exchange_v1.language(app.language) IS 'A language as this contract words it.';

CREATE FUNCTION exchange_v1.languages(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_query jsonb := http.query(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_page integer;
    v_per integer;
    v_answer http.response;
BEGIN
    SELECT r.errors, r.page, r.per
      INTO v_errors, v_page, v_per
      FROM exchange_v1.read_page(v_errors, v_query) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    END IF;
    -- Who asks for no page gets the whole list: it is short, and its document knows no pages.
    IF coalesce(v_query ->> 'page', '') = '' AND coalesce(v_query ->> 'per', '') = '' THEN
        v_page := NULL;
        v_per := NULL;
    END IF;
    SELECT 200, 200, exchange_v1.page_fields('/languages', v_page, v_per, count(*)),
           coalesce(
               json_agg(exchange_v1.language(l.language) ORDER BY l.position)
                   FILTER (WHERE v_page IS NULL OR l.position BETWEEN f.first AND f.first + v_per - 1),
               '[]'),
           NULL::bigint, NULL
      INTO v_answer
      FROM (SELECT a AS language, row_number() OVER (ORDER BY a.name COLLATE "und-x-icu") AS position
              FROM app.language AS a) AS l
     CROSS JOIN (SELECT (v_page - 1)::bigint * v_per + 1) AS f (first);
    RETURN v_answer;
END
$function$;
COMMENT ON FUNCTION exchange_v1.languages(http.request) IS
    'GET /languages: all languages of ISO 639-1 by their English names or, with page or per, a page of them. Their '
    'number stands in X-Total-Count.';

SELECT http.define_schema('exchange_v1.Language', '{
    "type": "object",
    "required": ["id", "name", "code", "flag"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string", "description": "In English"},
        "code": {"type": "string", "pattern": "^[a-z]{2}$", "description": "ISO 639-1"},
        "flag": {"type": "string", "description": "An emoji"}
    }
}');

SELECT http.define_route(
    'GET', '/languages', 'exchange_v1.languages',
    p_credential => 'none',
    p_summary => 'List the languages',
    p_description => 'All of them by name or, with page or per, one page. X-Total-Count says how many there are; '
        || 'Link leads to the first, previous, next and last page.',
    p_query => '{
        "type": "object",
        "properties": {
            "page": {"type": ["integer", "string"], "minimum": 1, "description": "From 1 on, 1 where missing"},
            "per": {"type": ["integer", "string"], "minimum": 1, "maximum": 100, "description": "20 where missing"}
        }
    }',
    p_response => '{"type": "array", "items": {"$ref": "#/components/schemas/exchange_v1.Language"}}',
    p_examples => '[{
        "name": "excerpt",
        "status": 200,
        "response": [
            {"id": 1, "name": "Afar", "code": "aa", "flag": "🇪🇹"},
            {"id": 65, "name": "Indonesian", "code": "id", "flag": "🇮🇩"}
        ]
    }, {
        "name": "wrong page",
        "status": 400,
        "response": {
            "message": "Some parameters are invalid",
            "errors": [{"field": "per", "message": "is not a number from 1 to 100"}]
        }
    }]',
    p_errors => ARRAY['invalid']);
