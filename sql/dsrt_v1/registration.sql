-- POST     /api/v1/user/registration/register
-- GET|POST /api/v1/user/registration/confirm

CREATE FUNCTION dsrt_v1.register(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_failed CONSTANT text := 'Failed to register. Please check for form errors';
    v_source jsonb := http.body_object(p_request, 'user');
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_password text;
    v_first_name text;
    v_last_name text;
    v_account_id bigint;
    v_user json;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', 'Email', p_required => true) AS r;
    IF core.is_address_taken(v_email) THEN
        v_errors := v_errors || http.wrong_field('email', 'Email', 'has already been taken');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(
          v_errors, v_source, 'password', 'Password', 6, 128, p_required => true,
          p_trim => false) AS r;
    IF jsonb_typeof(v_source -> 'password_confirmation') <> 'null'
        AND v_source -> 'password_confirmation' IS DISTINCT FROM v_source -> 'password'
    THEN
        v_errors := v_errors || http.wrong_field(
            'password_confirmation', 'Password confirmation', 'doesn''t match Password');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_first_name
      FROM http.read_text(
          v_errors, v_source, 'first_name', 'First name', 1, 25, p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_last_name
      FROM http.read_text(v_errors, v_source, 'last_name', 'Last name', 1, 25) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters(c_failed, v_errors);
    END IF;

    v_account_id := core.make_account(
        v_email, v_password, v_first_name, v_last_name, 'dsrt_v1', 'dsrt_v1.registration');
    IF v_account_id IS NULL THEN
        RETURN dsrt_v1.refuse_parameters(
            c_failed, ARRAY[http.wrong_field('email', 'Email', 'has already been taken')]);
    END IF;
    PERFORM core.send_confirmation(
        v_account_id, '/api/v1/user/registration/confirm?confirmation_token=',
        'dsrt_v1.registration', p_request.id);
    PERFORM core.note('account.registered', v_account_id, p_request.address, p_request.id);
    SELECT u.brief INTO STRICT v_user FROM dsrt_v1.users() AS u WHERE u.id = v_account_id;
    RETURN http.ok(json_build_object(
        'http_status_code', 200,
        'message', 'Thanks for register with us. You now can login to the DSRT',
        'user', v_user));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.register(http.request) IS
    'POST /api/v1/user/registration/register: makes a pending account and mails a link that confirms its address within 7 '
    'days. No access token before that.';

SELECT http.define_route(
    'POST', '/api/v1/user/registration/register', 'dsrt_v1.register',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Register',
    p_description => 'Makes an account and mails a link that confirms its address. Logging in works once that is followed.',
    p_request => '{
        "type": "object",
        "required": ["user"],
        "properties": {"user": {
            "type": "object",
            "required": ["email", "password", "first_name"],
            "properties": {
                "email": {"type": "string", "maxLength": 255},
                "password": {"type": "string", "minLength": 6, "maxLength": 128},
                "password_confirmation": {"type": ["string", "null"],
                    "description": "Where sent, the same as password"},
                "first_name": {"type": "string", "minLength": 1, "maxLength": 25},
                "last_name": {"type": ["string", "null"], "maxLength": 25}
            }
        }}
    }',
    p_response => '{
        "type": "object",
        "required": ["http_status_code", "message", "user"],
        "properties": {
            "http_status_code": {"type": "integer"},
            "message": {"type": "string"},
            "user": {"$ref": "#/components/schemas/dsrt_v1.User"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"user": {
            "email": "john.doe@example.com",
            "first_name": "John",
            "last_name": "Smith",
            "password": "secret",
            "password_confirmation": "secret"
        }},
        "status": 200,
        "response": {
            "http_status_code": 200,
            "message": "Thanks for register with us. You now can login to the DSRT",
            "user": {
                "id": 85,
                "first_name": "test",
                "last_name": "test2",
                "full_name": "test test2",
                "email": "isaohida@gmail.com",
                "avatar": null,
                "organisation": null,
                "default_password": false
            }
        }
    }, {
        "name": "failure",
        "status": 400,
        "response": {
            "message": "Failed to register. Please check for form errors",
            "http_status_code": 400,
            "error": {
                "code": "BAD_PARAMETERS",
                "errors": [
                    {"field": "first_name", "message": "First name can not be blank"}
                ]
            }
        }
    }]',
    p_errors => ARRAY['BAD_PARAMETERS']);

CREATE FUNCTION dsrt_v1.confirmation_page(p_is_good boolean, p_state text) RETURNS http.response
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN NOT p_is_good THEN http.bad_link_page(
            '7 days', 'If you have followed it before, your email is confirmed: you can log in.', 200)
        WHEN p_state <> 'active' THEN http.page(
            403, 'Your account is ' || p_state, ARRAY['You cannot log in.'], p_status => 200)
        ELSE http.page(
            200, 'Your email has been confirmed', ARRAY['You can close this page and log in.'])
    END
$function$;
COMMENT ON FUNCTION dsrt_v1.confirmation_page(boolean, text) IS
    'What a browser is shown that followed the link of a registration: whether the token was good, and the state of '
    'the account now.';

CREATE FUNCTION dsrt_v1.confirm_registration(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_confirmed CONSTANT text := 'Your email has been confirmed';
    v_errors json[];
    v_token text;
    v_is_good boolean;
    v_account_id bigint;
    v_state text;
    v_session record;
    v_user json;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_token
      FROM dsrt_v1.read_link_token(p_request, 'confirmation_token', 'Confirmation token') AS r;
    IF p_request.method = 'HEAD' THEN
        v_is_good := EXISTS (SELECT FROM core.find_mailed_token(v_token, 'confirmation'));
    ELSE
        SELECT c.account_id, c.state
          INTO v_account_id, v_state
          FROM core.confirm_email(v_token) AS c;
        v_is_good := v_account_id IS NOT NULL;
    END IF;

    IF p_request.media_type = 'text/html' THEN
        RETURN dsrt_v1.confirmation_page(v_is_good, v_state);
    ELSIF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters(
            'Failed to confirm your email. Please check for form errors', v_errors);
    ELSIF NOT v_is_good THEN
        RETURN http.problem(
            'dsrt_v1', 'BAD_REQUEST', 'The confirmation token is invalid or expired');
    ELSIF v_state <> 'active' THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_DENINED', 'Your account is ' || v_state);
    ELSIF p_request.method = 'HEAD' THEN
        RETURN http.ok(json_build_object('http_status_code', 200, 'message', c_confirmed));
    END IF;

    SELECT o.session_id, o.token
      INTO v_session
      FROM core.open_session(
          v_account_id, 'dsrt_v1', p_request.address, p_request.user_agent, p_request.id) AS o;
    SELECT u.brief INTO STRICT v_user FROM dsrt_v1.users() AS u WHERE u.id = v_account_id;
    RETURN http.ok(
        json_build_object(
            'http_status_code', 200,
            'message', c_confirmed,
            'user', v_user,
            'access_token', v_session.token),
        v_session.session_id, v_session.token);
END
$function$;
COMMENT ON FUNCTION dsrt_v1.confirm_registration(http.request) IS
    'GET, POST /api/v1/user/registration/confirm: the mailed link came back; activates the account and logs in, except '
    'in a browser, which gets a page and no session. The token is good once and 7 days; used, unknown or old it is '
    '400 BAD_REQUEST, since nothing tells these apart. HEAD looks only.';

SELECT http.define_route(
    m.method, '/api/v1/user/registration/confirm', 'dsrt_v1.confirm_registration',
    p_credential => 'none',
    p_summary => 'Confirm the e-mail address',
    p_description => 'Takes the token that was mailed at registration, once; activates the account and opens a '
        || 'session. A browser that follows the mailed link gets a page, and no session is opened for it.',
    p_query => m.query,
    p_request => m.body,
    p_response => '{
        "type": "object",
        "required": ["http_status_code", "message"],
        "properties": {
            "http_status_code": {"type": "integer"},
            "message": {"type": "string"},
            "user": {"$ref": "#/components/schemas/dsrt_v1.User"},
            "access_token": {"type": "string"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "status": 200,
        "response": {
            "http_status_code": 200,
            "message": "Your email has been confirmed",
            "user": {
                "id": 85,
                "first_name": "test",
                "last_name": "test2",
                "full_name": "test test2",
                "email": "isaohida@gmail.com",
                "avatar": null,
                "organisation": null,
                "default_password": false
            },
            "access_token": "xxx"
        }
    }, {
        "name": "failure",
        "status": 400,
        "response": {
            "message": "The confirmation token is invalid or expired",
            "http_status_code": 400,
            "error": {"code": "BAD_REQUEST"}
        }
    }]',
    p_errors => ARRAY['BAD_PARAMETERS', 'BAD_REQUEST', 'ACCESS_DENINED'],
    p_changes_on_get => m.method = 'GET',
    p_media_types => m.media_types)
  FROM (SELECT '{
        "type": "object",
        "required": ["confirmation_token"],
        "properties": {"confirmation_token": {"type": "string"}}
    }'::jsonb AS schema) AS s
 CROSS JOIN LATERAL (
    VALUES ('GET', s.schema, NULL, ARRAY['application/json', 'text/html']),
           ('POST', NULL, s.schema, ARRAY['application/json'])) AS m (method, query, body, media_types);
