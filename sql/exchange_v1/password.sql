-- POST /forgot
-- GET  /reset
-- POST /reset

CREATE FUNCTION exchange_v1.forgot_password(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_errors json[];
    v_email text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email('{}', http.body(p_request), 'email', p_required => true) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    END IF;
    PERFORM core.request_password_reset(v_email, '/reset?token=', p_request.address, p_request.id);
    RETURN http.ok(json_build_object(
        'message', 'If this address belongs to an account, a link to reset the password has been mailed to it'));
END
$function$;
COMMENT ON FUNCTION exchange_v1.forgot_password(http.request) IS
    'POST /forgot: mails a link that resets the password, at most one a minute, if the address is known. The answer '
    'does not tell whether it is.';

SELECT http.define_route(
    'POST', '/forgot', 'exchange_v1.forgot_password',
    p_credential => 'none',
    p_lane => 'slow',
    p_summary => 'Forgot password',
    p_description => 'Mails a link that resets the password, good once and for 24 hours, at most one a minute.',
    p_request => '{
        "type": "object",
        "required": ["email"],
        "properties": {"email": {"type": "string", "maxLength": 255}}
    }',
    p_response => '{"$ref": "#/components/schemas/exchange_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "request": {"email": "kukuh@example.com"},
        "status": 200,
        "response": {
            "message": "If this address belongs to an account, a link to reset the password has been mailed to it"
        }
    }]',
    p_errors => ARRAY['invalid']);

CREATE FUNCTION exchange_v1.tell_bad_reset(p_request http.request) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE WHEN p_request.media_type = 'text/html'
        THEN http.bad_link_page('24 hours', 'If you still want to reset your password, ask for a new link.')
        ELSE http.problem('exchange_v1', 'bad_link')
    END
$function$;
COMMENT ON FUNCTION exchange_v1.tell_bad_reset(http.request) IS
    'What a reset link that is not good is answered with: a page or a problem.';

CREATE FUNCTION exchange_v1.show_reset(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_errors json[];
    v_token text;
    v_is_good boolean;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_token
      FROM http.read_text('{}', http.query(p_request), 'token', p_required => true) AS r;
    v_is_good := EXISTS (SELECT FROM core.find_mailed_token(v_token, 'password_reset'));
    IF v_is_good AND p_request.media_type = 'text/html' THEN
        RETURN http.password_page('/reset', 'token', v_token, 'password', 8);
    ELSIF cardinality(v_errors) > 0 AND p_request.media_type IS DISTINCT FROM 'text/html' THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    ELSIF NOT v_is_good THEN
        RETURN exchange_v1.tell_bad_reset(p_request);
    END IF;
    RETURN http.ok(json_build_object('message', 'The link is good: send the new password with its token'));
END
$function$;
COMMENT ON FUNCTION exchange_v1.show_reset(http.request) IS
    'GET /reset: the mailed link was followed. A browser gets a page that asks for the new password; another client '
    'learns whether the token is good. It is not used up.';
SELECT http.define_route(
    'GET', '/reset', 'exchange_v1.show_reset',
    p_credential => 'none',
    p_summary => 'Follow the link that resets the password',
    p_description => 'Shows a browser a page that asks for the new password, and tells another client whether the '
        || 'token is good. It is not used up by this.',
    p_query => '{
        "type": "object",
        "required": ["token"],
        "properties": {"token": {"type": "string"}}
    }',
    p_response => '{"$ref": "#/components/schemas/exchange_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "query": {"token": "xxx"},
        "status": 200,
        "response": {"message": "The link is good: send the new password with its token"}
    }, {
        "name": "a link that is not good",
        "query": {"token": "used"},
        "status": 400,
        "response": {"message": "The link is invalid or expired"}
    }]',
    p_errors => ARRAY['invalid', 'bad_link'],
    p_media_types => ARRAY['application/json', 'text/html']);

CREATE FUNCTION exchange_v1.reset_password(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_reset CONSTANT text := 'Your new password is set';
    v_is_browser boolean := coalesce(p_request.media_type = 'text/html', false);
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_token text;
    v_password text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_token
      FROM http.read_text(v_errors, v_source, 'token', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM exchange_v1.read_new_password(v_errors, v_source) AS r;
    IF cardinality(v_errors) > 0 AND NOT v_is_browser THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    ELSIF cardinality(v_errors) > 0 AND v_token IS NOT NULL THEN
        RETURN http.password_page(
            '/reset', 'token', v_token, 'password', 8, 'The password ' || (v_errors[1] ->> 'message'));
    END IF;
    IF v_token IS NULL OR core.reset_password(
        v_token, v_password, 'exchange_v1.reset', p_request.address, p_request.id) IS NULL
    THEN
        RETURN exchange_v1.tell_bad_reset(p_request);
    ELSIF v_is_browser THEN
        RETURN http.page(200, c_reset, ARRAY['You can close this page and log in with it.']);
    END IF;
    RETURN http.ok(json_build_object('message', c_reset));
END
$function$;
COMMENT ON FUNCTION exchange_v1.reset_password(http.request) IS
    'POST /reset: the mailed token came back; sets the password, proves the address, ends all sessions. The token is '
    'good once and 24 hours. A browser, which sends the form of GET /reset, gets a page.';
SELECT http.define_route(
    'POST', '/reset', 'exchange_v1.reset_password',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Reset the password',
    p_description => 'Sets a new password by the token that was mailed, once. All sessions of the account end.',
    p_request => '{
        "type": "object",
        "required": ["token", "password"],
        "properties": {
            "token": {"type": "string"},
            "password": {"type": "string", "minLength": 8, "maxLength": 128}
        }
    }',
    p_response => '{"$ref": "#/components/schemas/exchange_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "request": {"token": "xxx", "password": "another long secret"},
        "status": 200,
        "response": {"message": "Your new password is set"}
    }, {
        "name": "a token that is not good",
        "request": {"token": "used", "password": "another long secret"},
        "status": 400,
        "response": {"message": "The link is invalid or expired"}
    }]',
    p_errors => ARRAY['invalid', 'bad_link'],
    p_media_types => ARRAY['application/json', 'text/html']);
