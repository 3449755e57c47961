-- GET  /api/v1/user/profile/me
-- POST /api/v1/user/profile/update

CREATE FUNCTION dsrt_v1.me(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_answer http.response;
BEGIN
    SELECT 200, 200, NULL,
           json_build_object('http_status_code', 200, 'user', u.profile)::text, s.session_id, NULL
      INTO v_answer
      FROM core.live_session(p_request.token) AS s
     INNER JOIN dsrt_v1.users() AS u ON u.id = s.account_id AND u.state = 'active';
    IF NOT FOUND THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    RETURN v_answer;
END
$function$;
COMMENT ON FUNCTION dsrt_v1.me(http.request) IS
    'GET /api/v1/user/profile/me: the caller''s own profile. One query, because this is what clients ask most.';

SELECT http.define_route(
    'GET', '/api/v1/user/profile/me', 'dsrt_v1.me',
    p_summary => 'Get profile details',
    p_description => 'The caller''s own profile.',
    p_response => '{
        "type": "object",
        "required": ["http_status_code", "user"],
        "properties": {
            "http_status_code": {"type": "integer"},
            "user": {"$ref": "#/components/schemas/dsrt_v1.Profile"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "status": 200,
        "response": {
            "http_status_code": 200,
            "user": {
                "id": 1,
                "first_name": "John",
                "middle_name": null,
                "last_name": "Doe",
                "full_name": "John Doe",
                "email": "john.doe@example.com",
                "secondary_email": null,
                "secondary_email_confirmed": null,
                "level": "account_holder",
                "email_confirmed": true,
                "dob": "1990-01-01",
                "gender": "male",
                "contact_number": "123456",
                "country": "US",
                "avatar": {
                    "origin": "http://example.com/path/to/image.png",
                    "thumb": "http://example.com/path/to/image.png"
                }
            }
        }
    }]',
    p_errors => ARRAY['ACCESS_TOKEN_INVALID']);

CREATE FUNCTION dsrt_v1.read_secondary_email(
    INOUT errors json[],
    p_source jsonb,
    p_account app.account,
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    IF NOT p_source ? 'secondary_email' THEN
        value := p_account.secondary_email;
        RETURN;
    END IF;
    SELECT r.errors, r.value
      INTO errors, value
      FROM http.read_email(errors, p_source, 'secondary_email', 'Secondary email') AS r;
    IF core.email_key(value) = p_account.email_key THEN
        errors := errors || http.wrong_field('secondary_email', 'Secondary email', 'is invalid');
    ELSIF core.is_address_taken(value, p_account.id) THEN
        errors := errors || http.wrong_field(
            'secondary_email', 'Secondary email', 'has already been taken');
    END IF;
END
$function$;
COMMENT ON FUNCTION dsrt_v1.read_secondary_email(json[], jsonb, app.account) IS
    'The parameter secondary_email: missing it keeps its value, empty it clears it; not the own primary address, nor '
    'anybody else''s. As http.read_text.';

CREATE FUNCTION dsrt_v1.update_profile(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account app.account%ROWTYPE;
    v_source jsonb;
    v_errors json[] := ARRAY[]::json[];
    v_first_name text;
    v_middle_name text;
    v_last_name text;
    v_secondary_email text;
    v_birth_date date;
    v_gender text;
    v_contact_number text;
    v_country text;
    v_user json;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account.id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    v_source := http.body_object(p_request, 'user');
    v_account := core.lock_account(v_account.id);
    -- Whoever held the account may have ended this session, or closed the account.
    IF NOT EXISTS (SELECT FROM core.caller(p_request.token)) THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;

    SELECT r.errors, r.value
      INTO v_errors, v_first_name
      FROM http.read_text(
          v_errors, v_source, 'first_name', 'First name', 1, 25, p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_middle_name
      FROM http.read_text(v_errors, v_source, 'middle_name', 'Middle name', 1, 25) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_last_name
      FROM http.read_text(v_errors, v_source, 'last_name', 'Last name', 1, 25) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_secondary_email
      FROM dsrt_v1.read_secondary_email(v_errors, v_source, v_account) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_birth_date
      FROM http.read_past_date(
          v_errors, v_source, 'dob', 'Date of birth', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_gender
      FROM http.read_choice(
          v_errors, v_source, 'gender', ARRAY['male', 'female', 'other'], 'Gender',
          p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_contact_number
      FROM http.read_text(
          v_errors, v_source, 'contact_number', 'Contact number', 1, 50, p_digits => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_country
      FROM http.read_text(
          v_errors, v_source, 'country', 'Country', 2, 50, p_required => true) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters(
            'Failed to update profile. Please check for form errors', v_errors, v_session_id);
    END IF;

    PERFORM core.update_profile(
        v_account.id, v_first_name,
        CASE WHEN v_source ? 'middle_name' THEN v_middle_name ELSE v_account.middle_name END,
        CASE WHEN v_source ? 'last_name' THEN v_last_name ELSE v_account.last_name END,
        v_birth_date, v_gender,
        CASE WHEN v_source ? 'contact_number' THEN v_contact_number
             ELSE v_account.contact_number END,
        v_country);
    PERFORM core.set_secondary_email(
        v_account.id, v_secondary_email,
        '/api/v1/user/profile/confirm_secondary_email?confirmation_token=', p_request.id);
    SELECT u.profile INTO STRICT v_user FROM dsrt_v1.users() AS u WHERE u.id = v_account.id;
    RETURN http.ok(json_build_object('http_status_code', 200, 'user', v_user), v_session_id);
END
$function$;
COMMENT ON FUNCTION dsrt_v1.update_profile(http.request) IS
    'POST /api/v1/user/profile/update: writes the caller''s profile. first_name, dob, gender and country are required; of '
    'the others a missing one keeps its value, an empty one (or null) clears it. A changed secondary address is mailed a '
    'link.';

SELECT http.define_route(
    'POST', '/api/v1/user/profile/update', 'dsrt_v1.update_profile',
    p_summary => 'Update profile',
    p_description => 'Of the fields that are not required a missing one keeps its value, an empty one clears it.',
    p_request => '{
        "type": "object",
        "required": ["user"],
        "properties": {"user": {
            "type": "object",
            "required": ["first_name", "dob", "gender", "country"],
            "properties": {
                "first_name": {"type": "string", "minLength": 1, "maxLength": 25},
                "middle_name": {"type": ["string", "null"], "maxLength": 25},
                "last_name": {"type": ["string", "null"], "maxLength": 25},
                "secondary_email": {"type": ["string", "null"], "maxLength": 255},
                "dob": {"type": "string", "format": "date"},
                "gender": {"type": "string", "enum": ["male", "female", "other"]},
                "contact_number": {"type": ["string", "integer", "null"], "maxLength": 50},
                "country": {"type": "string", "minLength": 2, "maxLength": 50}
            }
        }}
    }',
    p_response => '{
        "type": "object",
        "required": ["http_status_code", "user"],
        "properties": {
            "http_status_code": {"type": "integer"},
            "user": {"$ref": "#/components/schemas/dsrt_v1.Profile"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"user": {
            "secondary_email": "john.doe2@example.com",
            "first_name": "John",
            "last_name": "Smith",
            "dob": "1990-01-01",
            "gender": "male",
            "contact_number": "xxx",
            "country": "US"
        }},
        "status": 200,
        "response": {
            "http_status_code": 200,
            "user": {
                "id": 1,
                "first_name": "John",
                "middle_name": null,
                "last_name": "Doe",
                "full_name": "John Doe",
                "email": "john.doe@example.com",
                "secondary_email": "john.doe2@example.com",
                "secondary_email_confirmed": false,
                "level": "account_holder",
                "email_confirmed": true,
                "dob": "1990-01-01",
                "gender": "male",
                "contact_number": "123456",
                "country": "US",
                "avatar": {
                    "origin": "http://example.com/path/to/image.png",
                    "thumb": "http://example.com/path/to/image.png"
                }
            }
        }
    }, {
        "name": "failure",
        "status": 400,
        "response": {
            "message": "Failed to update profile. Please check for form errors",
            "http_status_code": 400,
            "error": {
                "code": "BAD_PARAMETERS",
                "errors": [
                    {"field": "first_name", "message": "First name can not be blank"},
                    {"field": "dob", "message": "Date of birth is not a date"}
                ]
            }
        }
    }]',
    p_errors => ARRAY['ACCESS_TOKEN_INVALID', 'BAD_PARAMETERS']);
