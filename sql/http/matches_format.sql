-- The formats of JSON Schema that contracts use.

CREATE FUNCTION http.is_date(p_text text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN p_text !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' OR p_text ~ '^0000'
            THEN false
        ELSE right(p_text, 2)::integer <= extract(day FROM
            make_date(left(p_text, 4)::integer, substr(p_text, 6, 2)::integer, 1)
            + interval '1 month' - interval '1 day') END;
$function$;
COMMENT ON FUNCTION http.is_date(text) IS 'Whether a text is a day of the calendar as yyyy-mm-dd.';

CREATE FUNCTION http.matches_format(p_format text, p_text text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE p_format
        WHEN 'date' THEN http.is_date(p_text)
        WHEN 'date-time' THEN http.is_date(left(p_text, 10)) AND substr(p_text, 11) ~
            '^T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-][0-2][0-9]:[0-5][0-9])$'
        WHEN 'email' THEN p_text ~ '^[^@[:space:]]+@[^@[:space:]]+$'
        WHEN 'uri' THEN p_text ~ '^[A-Za-z][A-Za-z0-9+.-]*:[^[:space:]]+$'
        ELSE true END;
$function$;
COMMENT ON FUNCTION http.matches_format(text, text) IS
    'Whether a text has a JSON Schema format: date, date-time, email or uri; any other name '
    'matches everything.';
