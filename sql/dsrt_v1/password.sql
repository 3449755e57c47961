-- POST /api/v1/user/profile/update_password
-- POST /api/v1/user/password/forgot
-- GET  /api/v1/user/password/reset
-- POST /api/v1/user/password/reset

CREATE FUNCTION dsrt_v1.read_new_password(INOUT errors json[], p_source jsonb, OUT value text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT r.errors, r.value
      FROM http.read_text(
          errors, p_source, 'password', 'Password', 6, 128, p_required => true,
          p_blank => 'can''t be blank', p_trim => false) AS r
$function$;
COMMENT ON FUNCTION dsrt_v1.read_new_password(json[], jsonb) IS
    'The parameter password where a new one is set: 6 to 128 characters. As http.read_text.';

CREATE FUNCTION dsrt_v1.update_password(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account_id bigint;
    v_errors json[];
    v_password text;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM dsrt_v1.read_new_password('{}', http.body_object(p_request, 'user')) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters('Failed to update password', v_errors, v_session_id);
    END IF;
    IF NOT core.set_password(v_account_id, v_password, 'dsrt_v1.update_password', v_session_id) THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    PERFORM core.note('password.changed', v_account_id, p_request.address, p_request.id);
    RETURN http.ok(
        json_build_object('message', 'Password updated successfully', 'http_status_code', 200),
        v_session_id);
END
$function$;
COMMENT ON FUNCTION dsrt_v1.update_password(http.request) IS
    'POST /api/v1/user/profile/update_password: sets the caller''s password and ends all sessions but this one.';

SELECT http.define_route(
    'POST', '/api/v1/user/profile/update_password', 'dsrt_v1.update_password',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Update password',
    p_description => 'Sets the password. All other sessions of the account end.',
    p_request => '{
        "type": "object",
        "required": ["user"],
        "properties": {"user": {
            "type": "object",
            "required": ["password"],
            "properties": {"password": {"type": "string", "minLength": 6, "maxLength": 128}}
        }}
    }',
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "request": {"user": {"password": "newpass"}},
        "status": 200,
        "response": {"message": "Password updated successfully", "http_status_code": 200}
    }, {
        "name": "failure",
        "request": {"user": {"password": "new"}},
        "status": 400,
        "response": {
            "message": "Failed to update password",
            "http_status_code": 400,
            "error": {
                "code": "BAD_PARAMETERS",
                "errors": [
                    {"field": "password",
                     "message": "Password is too short (minimum is 6 characters)"}
                ]
            }
        }
    }]',
    p_errors => ARRAY['ACCESS_TOKEN_INVALID', 'BAD_PARAMETERS']);

CREATE FUNCTION dsrt_v1.forgot_password(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_errors json[];
    v_email text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(
          '{}', http.body_object(p_request, 'user'), 'email', 'Email', p_required => true,
          p_blank => 'can''t be blank') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters(
            'Failed to request password reset. Please check for form errors', v_errors);
    END IF;
    PERFORM core.request_password_reset(
        v_email, '/api/v1/user/password/reset?reset_token=', p_request.address, p_request.id);
    RETURN http.ok(json_build_object(
        'message', 'Please check your email for reset password instructions',
        'http_status_code', 200));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.forgot_password(http.request) IS
    'POST /api/v1/user/password/forgot: mails a link that resets the password, if the address is known. The answer does not '
    'tell whether it is.';

SELECT http.define_route(
    'POST', '/api/v1/user/password/forgot', 'dsrt_v1.forgot_password',
    p_credential => 'none',
    p_lane => 'slow',
    p_summary => 'Forgot password',
    p_description => 'Mails instructions to reset the password if the address belongs to an account, at most once a minute.',
    p_request => '{
        "type": "object",
        "required": ["user"],
        "properties": {"user": {
            "type": "object",
            "required": ["email"],
            "properties": {"email": {"type": "string", "maxLength": 255}}
        }}
    }',
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "request": {"user": {"email": "some.email@example.com"}},
        "status": 200,
        "response": {
            "message": "Please check your email for reset password instructions",
            "http_status_code": 200
        }
    }]',
    p_errors => ARRAY['BAD_PARAMETERS']);

CREATE FUNCTION dsrt_v1.tell_bad_reset(p_request http.request) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE WHEN p_request.media_type = 'text/html'
        THEN http.bad_link_page('24 hours', 'If you still want to reset your password, ask for a new link.', 200)
        ELSE http.problem('dsrt_v1', 'BAD_REQUEST', 'The reset token is invalid or expired')
    END
$function$;
COMMENT ON FUNCTION dsrt_v1.tell_bad_reset(http.request) IS
    'What a reset link that is not good is answered with: a page or a problem.';

CREATE FUNCTION dsrt_v1.show_reset(p_request http.request) RETURNS http.response
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
      FROM http.read_text(
          '{}', http.query(p_request), 'reset_token', 'Reset token', p_required => true,
          p_blank => 'can''t be blank') AS r;
    v_is_good := EXISTS (SELECT FROM core.find_mailed_token(v_token, 'password_reset'));
    IF v_is_good AND p_request.media_type = 'text/html' THEN
        RETURN http.password_page(
            '/api/v1/user/password/reset', 'reset_token', v_token, 'user[password]', 6);
    ELSIF cardinality(v_errors) > 0 AND p_request.media_type IS DISTINCT FROM 'text/html' THEN
        RETURN dsrt_v1.refuse_parameters('Failed to reset password', v_errors);
    ELSIF NOT v_is_good THEN
        RETURN dsrt_v1.tell_bad_reset(p_request);
    END IF;
    RETURN http.ok(json_build_object('message', 'The reset token is valid', 'http_status_code', 200));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.show_reset(http.request) IS
    'GET /api/v1/user/password/reset: the mailed link was followed. A browser gets a page that asks for the new '
    'password; another client learns whether the token is good. It is not used up.';

SELECT http.define_route(
    'GET', '/api/v1/user/password/reset', 'dsrt_v1.show_reset',
    p_credential => 'none',
    p_summary => 'Follow the link that resets the password',
    p_description => 'Shows a browser a page that asks for the new password, and tells another client whether the '
        || 'token is good. It is not used up by this.',
    p_query => '{
        "type": "object",
        "required": ["reset_token"],
        "properties": {"reset_token": {"type": "string"}}
    }',
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "query": {"reset_token": "xxx"},
        "status": 200,
        "response": {"message": "The reset token is valid", "http_status_code": 200}
    }, {
        "name": "failure",
        "query": {"reset_token": "used"},
        "status": 400,
        "response": {
            "message": "The reset token is invalid or expired",
            "http_status_code": 400,
            "error": {"code": "BAD_REQUEST"}
        }
    }]',
    p_errors => ARRAY['BAD_PARAMETERS', 'BAD_REQUEST'],
    p_media_types => ARRAY['application/json', 'text/html']);

CREATE FUNCTION dsrt_v1.reset_password(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_reset CONSTANT text := 'Password has been reset successfully';
    v_is_browser boolean := coalesce(p_request.media_type = 'text/html', false);
    v_errors json[] := ARRAY[]::json[];
    v_token text;
    v_password text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_token
      FROM http.read_text(
          v_errors, http.body(p_request), 'reset_token', 'Reset token', p_required => true,
          p_blank => 'can''t be blank') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM dsrt_v1.read_new_password(v_errors, http.body_object(p_request, 'user')) AS r;
    IF cardinality(v_errors) > 0 AND NOT v_is_browser THEN
        RETURN dsrt_v1.refuse_parameters('Failed to reset password', v_errors);
    ELSIF cardinality(v_errors) > 0 AND v_token IS NOT NULL THEN
        RETURN http.password_page(
            '/api/v1/user/password/reset', 'reset_token', v_token, 'user[password]', 6,
            v_errors[1] ->> 'message', 200);
    END IF;
    IF v_token IS NULL OR core.reset_password(
        v_token, v_password, 'dsrt_v1.reset', p_request.address, p_request.id) IS NULL
    THEN
        RETURN dsrt_v1.tell_bad_reset(p_request);
    ELSIF v_is_browser THEN
        RETURN http.page(200, c_reset, ARRAY['You can close this page and log in with it.']);
    END IF;
    RETURN http.ok(json_build_object('message', c_reset, 'http_status_code', 200));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.reset_password(http.request) IS
    'POST /api/v1/user/password/reset: the mailed token came back; sets the password, proves the address, ends all '
    'sessions. The token is good once and 24 hours; used, unknown or old it is 400 BAD_REQUEST. A browser, which '
    'sends the form of the GET, gets a page.';

SELECT http.define_route(
    'POST', '/api/v1/user/password/reset', 'dsrt_v1.reset_password',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Reset password',
    p_description => 'Sets a new password by the token that was mailed, once. All sessions of the account end.',
    p_request => '{
        "type": "object",
        "required": ["reset_token", "user"],
        "properties": {
            "reset_token": {"type": "string"},
            "user": {
                "type": "object",
                "required": ["password"],
                "properties": {"password": {"type": "string", "minLength": 6, "maxLength": 128}}
            }
        }
    }',
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "request": {"reset_token": "xxx", "user": {"password": "newpass"}},
        "status": 200,
        "response": {"message": "Password has been reset successfully", "http_status_code": 200}
    }, {
        "name": "failure",
        "request": {"reset_token": "used", "user": {"password": "newpass"}},
        "status": 400,
        "response": {
            "message": "The reset token is invalid or expired",
            "http_status_code": 400,
            "error": {"code": "BAD_REQUEST"}
        }
    }]',
    p_errors => ARRAY['BAD_PARAMETERS', 'BAD_REQUEST'],
    p_media_types => ARRAY['application/json', 'text/html']);
