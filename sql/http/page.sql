-- Pages for people: what a browser is shown where a mailed link led it. Each is complete in itself,
-- loads nothing and runs no script.

CREATE FUNCTION http.public_path(p_path text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    RETURN substring(core.public_url(p_path) FROM '^[a-z]+://[^/]+(/.*)$');
END
$function$;
COMMENT ON FUNCTION http.public_path(text) IS
    'A path of ours as clients must ask for it: PUBLIC_URL may have a path of its own.';

CREATE FUNCTION http.page_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT $css$
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
label { display: block; font-weight: 600; }
input, button { font: inherit; box-sizing: border-box; padding: .5rem .75rem; }
input { width: 100%; margin: .25rem 0; }
p[role=alert] { border-left: .25rem solid; padding-left: .75rem; font-weight: 600; }
$css$;
$function$;
COMMENT ON FUNCTION http.page_style() IS 'The style sheet of the pages that http.page makes.';

CREATE FUNCTION http.page(
    p_outcome integer,
    p_title text,
    p_paragraphs text[],
    p_form text DEFAULT NULL,
    p_status integer DEFAULT NULL
) RETURNS http.response
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    v_style text := http.page_style();
    v_title text := core.escape_html(p_title);
BEGIN
    RETURN ROW(
        coalesce(p_status, p_outcome), p_outcome,
        concat(
            E'Content-Type: text/html; charset=utf-8\n',
            format('Content-Security-Policy: default-src ''none''; style-src ''sha256-%s''; '
                   'base-uri ''none''; form-action %s; frame-ancestors ''none''',
                   encode(sha256(convert_to(v_style, 'UTF8')), 'base64'),
                   CASE WHEN p_form IS NULL THEN '''none''' ELSE '''self''' END), E'\n',
            E'Referrer-Policy: no-referrer\n',
            E'X-Content-Type-Options: nosniff\n',
            E'Cache-Control: no-store\n'),
        concat(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<title>', v_title, '</title><style>', v_style, '</style></head><body><main>',
            '<h1>', v_title, '</h1>',
            (SELECT string_agg('<p>' || core.escape_html(p.text) || '</p>', '' ORDER BY p.position)
               FROM unnest(p_paragraphs) WITH ORDINALITY AS p (text, position)),
            p_form, '</main></body></html>', E'\n'),
        NULL, NULL)::http.response;
END
$function$;
COMMENT ON FUNCTION http.page(integer, text, text[], text, integer) IS
    'Answer with a page: a title and paragraphs, which are escaped here, and a form, which is '
    'HTML already. The page may send its form to us and do nothing else, leaves no copy and tells '
    'nobody where it stood, since a token is in its address. p_status is for contracts whose '
    'status on the wire is not the one they mean.';

CREATE FUNCTION http.bad_link_page(p_lifetime text, p_advice text, p_status integer DEFAULT 400)
RETURNS http.response
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT http.page(
        400, 'This link does not work',
        ARRAY['It is incomplete, was used before, is older than ' || p_lifetime
                  || ', or was replaced by a newer one.', p_advice],
        p_status => p_status);
$function$;
COMMENT ON FUNCTION http.bad_link_page(text, text, integer) IS
    'Answer with the page for a mailed link that is good once, and is not good now: how long it '
    'was, and what to do.';

CREATE FUNCTION http.password_page(
    p_path text,
    p_token_field text,
    p_token text,
    p_password_field text,
    p_min integer,
    p_wrong text DEFAULT NULL,
    p_status integer DEFAULT NULL
) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    RETURN http.page(
        CASE WHEN p_wrong IS NULL THEN 200 ELSE 400 END, 'Choose a new password',
        ARRAY['Whoever is logged in now, on any device, has to log in again.'],
        concat(
            '<form method="post" action="', core.escape_html(http.public_path(p_path)), '">',
            '<input type="hidden" name="', core.escape_html(p_token_field), '" value="',
            core.escape_html(p_token), '">',
            '<p role="alert" id="wrong">' || core.escape_html(p_wrong) || '</p>',
            '<label for="password">New password</label>',
            '<input id="password" type="password" name="', core.escape_html(p_password_field),
            '" autocomplete="new-password" required autofocus minlength="', p_min, '"',
            CASE WHEN p_wrong IS NULL THEN ' aria-describedby="hint"'
                 ELSE ' aria-invalid="true" aria-describedby="wrong hint"' END, '>',
            '<p id="hint">At least ', p_min, ' characters.</p>',
            '<button type="submit">Set the new password</button></form>'),
        p_status);
END
$function$;
COMMENT ON FUNCTION http.password_page(text, text, text, text, integer, text, integer) IS
    'Answer with a page that asks for a new password of p_min characters at least, and posts it '
    'with the token that allows it to a path of ours, under the names the path reads. p_wrong '
    'says what was wrong with the last try. The browser is not told the greatest length: it would '
    'cut a pasted password without a word.';
