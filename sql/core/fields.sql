-- Reading single fields of a request: value or problem. Wording is each contract's own business.

CREATE FUNCTION core.read_text(
    p_value jsonb,
    p_min integer,
    p_max integer,
    p_digits boolean DEFAULT false,
    p_trim boolean DEFAULT true,
    OUT value text,
    OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
BEGIN
    CASE coalesce(jsonb_typeof(p_value), 'null')
        WHEN 'null' THEN
            problem := 'blank';
            RETURN;
        WHEN 'string' THEN
            value := p_value #>> '{}';
        WHEN 'number' THEN
            value := p_value #>> '{}';
            IF NOT p_digits OR value !~ '^[0-9]+$' THEN
                value := NULL;
                problem := 'type';
                RETURN;
            END IF;
        ELSE
            problem := 'type';
            RETURN;
    END CASE;
    IF p_trim THEN
        value := core.trim_text(value);
    END IF;
    problem := CASE
        WHEN value = '' THEN 'blank'
        WHEN char_length(value) < p_min THEN 'too_short'
        WHEN char_length(value) > p_max THEN 'too_long'
        WHEN p_trim AND value ~ '[\x01-\x1f\x7f-\x9f\u2028\u2029]' THEN 'characters'
    END;
    IF problem IS NOT NULL THEN
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION core.read_text(jsonb, integer, integer, boolean, boolean) IS
    'A line of text of p_min to p_max characters, without blanks around it. Problems: blank (also: '
    'not there, null), type, too_short, too_long, characters (control characters in a line). '
    'p_digits: a JSON number of digits counts as text. p_trim false, for passwords: taken as it is, '
    'any character allowed.';

CREATE FUNCTION core.trim_text(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT btrim(
        p_text,
        E' \t\n\x0b\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009'
        || E'\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff')
$function$;
COMMENT ON FUNCTION core.trim_text(text) IS
    'The text without blanks around it, the invisible ones of Unicode included.';

CREATE FUNCTION core.parse_date(p_text text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $function$
DECLARE
    v_year integer;
    v_month integer;
    v_day integer;
    v_first date;
BEGIN
    IF p_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
        RETURN NULL;
    END IF;
    v_year := substr(p_text, 1, 4)::integer;
    v_month := substr(p_text, 6, 2)::integer;
    v_day := substr(p_text, 9, 2)::integer;
    IF v_year = 0 OR v_month NOT BETWEEN 1 AND 12 OR v_day = 0 THEN
        RETURN NULL;
    END IF;
    v_first := make_date(v_year, v_month, 1);
    IF v_day > extract(day FROM v_first + interval '1 month' - interval '1 day') THEN
        RETURN NULL;
    END IF;
    RETURN v_first + (v_day - 1);
END
$function$;
COMMENT ON FUNCTION core.parse_date(text) IS
    'The date of a text yyyy-mm-dd, NULL where it is none. Never raises, unlike a cast, which would '
    'also take ''today'' and follow DateStyle.';

CREATE FUNCTION core.is_email(p_text text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $function$
    SELECT char_length(p_text) <= 255
        AND octet_length(split_part(p_text, '@', 1)) <= 64
        AND p_text COLLATE "und-x-icu"
            ~ ('^[[:alnum:]!#$%&''*+/=?^_`{|}~][[:alnum:]!#$%&''*+/=?^_`{|}~-]*'
                || '(\.[[:alnum:]!#$%&''*+/=?^_`{|}~-]+)*'
                || '@([[:alnum:]]([[:alnum:]-]{0,61}[[:alnum:]])?\.)+'
                || '[[:alpha:]]([[:alnum:]-]{0,61}[[:alnum:]])?$')
$function$;
COMMENT ON FUNCTION core.is_email(text) IS
    'Whether the text is an e-mail address of at most 255 characters: dot-atom local part, domain '
    'of at least two labels, letters and digits of any script (RFC 5322, 6531), no quoted forms. '
    'A leading hyphen is refused: it would be an option to a sendmail-like program.';

CREATE FUNCTION core.email_key(p_email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$ SELECT lower(p_email COLLATE "und-x-icu") COLLATE "C" $function$;
COMMENT ON FUNCTION core.email_key(text) IS
    'The form in which addresses are compared; the same as the generated columns of app.account.';

CREATE FUNCTION core.time_text(p_time timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT to_char(p_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$function$;
COMMENT ON FUNCTION core.time_text(timestamptz) IS
    'A time as clients see it: UTC, ISO 8601 with milliseconds and Z.';
