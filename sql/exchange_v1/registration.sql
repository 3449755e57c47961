-- POST /register
-- GET  /verify
-- POST /verify/resend

CREATE FUNCTION exchange_v1.read_languages(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    OUT language_ids integer[],
    OUT types text[])
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_list jsonb := p_source -> p_field;
    v_says text;
BEGIN
    IF coalesce(jsonb_typeof(v_list), 'null') = 'null' THEN
        v_list := '[]';
    ELSIF jsonb_typeof(v_list) <> 'array' THEN
        v_says := 'is invalid';
    ELSIF jsonb_array_length(v_list) > 50 THEN
        v_says := 'is too long (maximum is 50 languages)';
    END IF;
    IF v_says IS NULL THEN
        SELECT coalesce(array_agg(l.id ORDER BY e.position), '{}'),
               coalesce(array_agg(e.value ->> 'type' ORDER BY e.position), '{}'),
               CASE
                   WHEN bool_or(jsonb_typeof(e.value) <> 'object') THEN 'is invalid'
                   WHEN bool_or(l.id IS NULL) THEN 'has a languageId that is not in the list'
                   WHEN bool_or((e.value -> 'type' IN ('"native"', '"interest"')) IS NOT TRUE)
                       THEN 'has a type that is neither native nor interest'
                   WHEN count(DISTINCT l.id) < count(*) THEN 'has a language twice'
               END
          INTO language_ids, types, v_says
          FROM jsonb_array_elements(v_list) WITH ORDINALITY AS e (value, position)
          LEFT JOIN app.language AS l
            ON l.id::text = e.value ->> 'languageId'
           AND jsonb_typeof(e.value -> 'languageId') IN ('number', 'string');
    END IF;
    IF v_says IS NOT NULL THEN
        errors := errors || http.wrong_field(p_field, NULL, v_says);
        language_ids := NULL;
        types := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION exchange_v1.read_languages(json[], jsonb, text) IS
    'A parameter that is a list of {languageId, type}: at most 50 languages, none of them twice; a missing one is '
    'empty. Forms send the number as digits. As http.read_text.';
CREATE FUNCTION exchange_v1.register(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_flow CONSTANT text := 'exchange_v1.registration';
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_username text;
    v_email text;
    v_password text;
    v_phone_number text;
    v_country text;
    v_language_ids integer[];
    v_types text[];
    v_account_id bigint;
    v_user json;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_username
      FROM http.read_username(v_errors, v_source, 'username', 1, 30, p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM exchange_v1.read_new_password(v_errors, v_source) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_phone_number
      FROM http.read_text(v_errors, v_source, 'phoneNumber', NULL, 1, 50, p_digits => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_country
      FROM http.read_text(v_errors, v_source, 'country', NULL, 2, 50) AS r;
    SELECT r.errors, r.language_ids, r.types
      INTO v_errors, v_language_ids, v_types
      FROM exchange_v1.read_languages(v_errors, v_source, 'userLanguages') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    END IF;

    v_account_id := core.make_account(
        v_email, v_password, NULL, NULL, 'exchange_v1', c_flow, p_username => v_username);
    IF v_account_id IS NULL THEN
        IF core.is_username_taken(v_username) THEN
            v_errors := v_errors || http.wrong_field('username', NULL, 'has already been taken');
        END IF;
        IF core.is_address_taken(v_email) OR cardinality(v_errors) = 0 THEN
            v_errors := v_errors || http.wrong_field('email', NULL, 'has already been taken');
        END IF;
        RETURN http.problem('exchange_v1', 'conflict', NULL, array_to_json(v_errors));
    END IF;
    PERFORM core.update_profile(v_account_id, NULL, NULL, NULL, NULL, NULL, v_phone_number, v_country);
    PERFORM core.set_languages(v_account_id, v_language_ids, v_types);
    PERFORM core.send_confirmation(
        v_account_id, '/verify?token=', c_flow, p_request.id, p_purpose => 'verification');
    PERFORM core.note('account.registered', v_account_id, p_request.address, p_request.id);
    SELECT u.own INTO STRICT v_user FROM exchange_v1.users() AS u WHERE u.id = v_account_id;
    RETURN http.ok(
        json_build_object(
            'message', 'Please follow the link that was mailed to you to verify your email',
            'user', v_user),
        p_status => 201);
END
$function$;
COMMENT ON FUNCTION exchange_v1.register(http.request) IS
    'POST /register: makes a pending account with its languages and mails a link that verifies the address within 7 '
    'days. No access token before that.';

SELECT http.define_route(
    'POST', '/register', 'exchange_v1.register',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Register',
    p_description => 'Makes an account and mails a link that verifies its address. Logging in works once that is '
        || 'followed; an account whose link is not followed within 7 days is deleted.',
    p_request => '{
        "type": "object",
        "required": ["username", "email", "password"],
        "properties": {
            "username": {"type": "string", "minLength": 1, "maxLength": 30, "pattern": "^[A-Za-z0-9_.-]+$"},
            "email": {"type": "string", "maxLength": 255},
            "password": {"type": "string", "minLength": 8, "maxLength": 128},
            "phoneNumber": {"type": ["string", "integer", "null"], "maxLength": 50},
            "country": {"type": ["string", "null"], "minLength": 2, "maxLength": 50},
            "userLanguages": {"type": ["array", "null"], "maxItems": 50, "items": {
                "type": "object",
                "required": ["languageId", "type"],
                "properties": {
                    "languageId": {"type": ["integer", "string"], "description": "An id of GET /languages"},
                    "type": {"type": "string", "enum": ["native", "interest"]}
                }
            }}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["message", "user"],
        "properties": {
            "message": {"type": "string"},
            "user": {"$ref": "#/components/schemas/exchange_v1.User"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {
            "username": "kukuh",
            "email": "kukuh@example.com",
            "password": "a long secret",
            "phoneNumber": "+62 812 3456 789",
            "country": "Indonesia",
            "userLanguages": [{"languageId": 65, "type": "native"}, {"languageId": 37, "type": "interest"}]
        },
        "status": 201,
        "response": {
            "message": "Please follow the link that was mailed to you to verify your email",
            "user": {
                "id": 76,
                "username": "kukuh",
                "email": "kukuh@example.com",
                "phoneNumber": "+62 812 3456 789",
                "country": "Indonesia",
                "avatar": null,
                "firstName": null,
                "lastName": null,
                "UserLanguages": [{
                    "languageId": 65,
                    "type": "native",
                    "Language": {"id": 65, "name": "Indonesian", "code": "id", "flag": "🇮🇩"}
                }, {
                    "languageId": 37,
                    "type": "interest",
                    "Language": {"id": 37, "name": "English", "code": "en", "flag": "🇬🇧"}
                }],
                "createdAt": "2030-01-02T03:04:05.678Z"
            }
        }
    }, {
        "name": "wrong fields",
        "status": 400,
        "response": {
            "message": "Some parameters are invalid",
            "errors": [
                {"field": "password", "message": "is too short (minimum is 8 characters)"},
                {"field": "userLanguages", "message": "has a language twice"}
            ]
        }
    }, {
        "name": "taken",
        "status": 409,
        "response": {
            "message": "Already taken",
            "errors": [{"field": "username", "message": "has already been taken"}]
        }
    }]',
    p_errors => ARRAY['invalid', 'conflict']);

CREATE FUNCTION exchange_v1.verify(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_verified CONSTANT text := 'Your email address is verified';
    v_errors json[];
    v_token text;
    v_account_id bigint;
    v_user json;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_token
      FROM http.read_text('{}', http.query(p_request), 'token', p_required => true) AS r;
    IF p_request.method = 'HEAD' THEN
        SELECT f.account_id INTO v_account_id FROM core.find_mailed_token(v_token, 'verification') AS f;
    ELSE
        v_account_id := core.verify_email(v_token);
    END IF;

    IF p_request.media_type = 'text/html' THEN
        IF v_account_id IS NULL THEN
            RETURN http.page(400, 'This link does not work', ARRAY[
                'It is incomplete, older than 7 days, or replaced by a newer one.',
                'If your address is not verified yet, ask for a new link where you registered.']);
        END IF;
        RETURN http.page(200, c_verified, ARRAY['You can close this page and log in.']);
    ELSIF cardinality(v_errors) > 0 THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    ELSIF v_account_id IS NULL THEN
        RETURN http.problem('exchange_v1', 'bad_link');
    END IF;
    SELECT u.own INTO STRICT v_user FROM exchange_v1.users() AS u WHERE u.id = v_account_id;
    RETURN http.ok(json_build_object('message', c_verified, 'user', v_user));
END
$function$;
COMMENT ON FUNCTION exchange_v1.verify(http.request) IS
    'GET /verify: the mailed link came back; the account is active. Followed twice it succeeds twice, for mail '
    'programs look at links before people do. A browser gets a page. HEAD looks only.';
SELECT http.define_route(
    'GET', '/verify', 'exchange_v1.verify',
    p_credential => 'none',
    p_summary => 'Verify the email address',
    p_description => 'The link that was mailed at registration, good for 7 days. A browser is shown a page. No '
        || 'session is opened.',
    p_query => '{
        "type": "object",
        "required": ["token"],
        "properties": {"token": {"type": "string"}}
    }',
    p_response => '{
        "type": "object",
        "required": ["message", "user"],
        "properties": {
            "message": {"type": "string"},
            "user": {"$ref": "#/components/schemas/exchange_v1.User"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "query": {"token": "xxx"},
        "status": 200,
        "response": {
            "message": "Your email address is verified",
            "user": {
                "id": 76,
                "username": "kukuh",
                "email": "kukuh@example.com",
                "phoneNumber": null,
                "country": null,
                "avatar": null,
                "firstName": null,
                "lastName": null,
                "UserLanguages": [],
                "createdAt": "2030-01-02T03:04:05.678Z"
            }
        }
    }, {
        "name": "a link that is not good",
        "status": 400,
        "response": {"message": "The link is invalid or expired"}
    }]',
    p_errors => ARRAY['invalid', 'bad_link'],
    p_changes_on_get => true,
    p_media_types => ARRAY['application/json', 'text/html']);

CREATE FUNCTION exchange_v1.resend_verification(p_request http.request) RETURNS http.response
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
    PERFORM core.request_verification(
        v_email, '/verify?token=', 'exchange_v1.registration', p_request.address, p_request.id);
    RETURN http.ok(json_build_object(
        'message', 'If this address waits for verification, a new link has been mailed to it'));
END
$function$;
COMMENT ON FUNCTION exchange_v1.resend_verification(http.request) IS
    'POST /verify/resend: mails a new link, at most one a minute, if the address waits for it. The answer does not '
    'tell whether it does.';

SELECT http.define_route(
    'POST', '/verify/resend', 'exchange_v1.resend_verification',
    p_credential => 'none',
    p_lane => 'slow',
    p_summary => 'Mail the verification link again',
    p_description => 'Mails a new link to an address that is not verified yet, at most one a minute; the old one dies.',
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
        "response": {"message": "If this address waits for verification, a new link has been mailed to it"}
    }]',
    p_errors => ARRAY['invalid']);
