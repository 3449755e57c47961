-- PUT /api/v1/user/update

CREATE FUNCTION gather_v1.update_user(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account app.account%ROWTYPE;
    v_source jsonb;
    v_errors json[] := ARRAY[]::json[];
    v_password text;
    v_first_name text;
    v_last_name text;
    v_username text;
    v_birth_date date;
    v_gender text;
    v_country text;
    v_contact_number text;
    v_user json;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account.id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('gather_v1', '101');
    END IF;
    v_source := http.body(p_request);

    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(
          v_errors, v_source, 'password', NULL, 8, 16, p_required => v_source ? 'password', p_trim => false) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_first_name
      FROM http.read_text(
          v_errors, v_source, 'firstname', NULL, 1, 25, p_required => v_source ? 'firstname') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_last_name
      FROM http.read_text(
          v_errors, v_source, 'lastname', NULL, 1, 25, p_required => v_source ? 'lastname') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_username
      FROM http.read_username(v_errors, v_source, 'username', 8, 16, p_required => v_source ? 'username') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_birth_date
      FROM http.read_past_date(v_errors, v_source, 'dob') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_gender
      FROM http.read_choice(v_errors, v_source, 'gender', ARRAY['male', 'female', 'other']) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_country
      FROM http.read_text(v_errors, v_source, 'country', NULL, 2, 50) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_contact_number
      FROM http.read_text(v_errors, v_source, 'contact_number', NULL, 1, 50, p_digits => true) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN gather_v1.refuse_parameters(v_errors, v_session_id);
    ELSIF core.is_username_taken(v_username, v_account.id) THEN
        RETURN gather_v1.refuse_taken(ARRAY['username'], v_session_id);
    END IF;

    BEGIN
        -- Hashing takes long, and comes before the account is held. Either way whoever held it may have ended
        -- this session. An address that was never proved has only those sessions that its registration began:
        -- the password goes on being the registration's.
        IF v_password IS NOT NULL THEN
            IF NOT core.set_password(v_account.id, v_password, 'gather_v1.registration', v_session_id) THEN
                RETURN http.problem('gather_v1', '101');
            END IF;
            PERFORM core.note('password.changed', v_account.id, p_request.address, p_request.id);
        END IF;
        v_account := core.lock_account(v_account.id);
        IF v_password IS NULL AND NOT EXISTS (SELECT FROM core.caller(p_request.token)) THEN
            RETURN http.problem('gather_v1', '101');
        END IF;
        IF v_username IS NOT NULL THEN
            PERFORM core.set_username(v_account.id, v_username);
        END IF;
    EXCEPTION WHEN unique_violation THEN
        -- Somebody else was quicker. Nothing is written, the password neither.
        RETURN gather_v1.refuse_taken(ARRAY['username'], v_session_id);
    END;
    PERFORM core.update_profile(
        v_account.id,
        coalesce(v_first_name, v_account.first_name),
        v_account.middle_name,
        coalesce(v_last_name, v_account.last_name),
        CASE WHEN v_source ? 'dob' THEN v_birth_date ELSE v_account.birth_date END,
        CASE WHEN v_source ? 'gender' THEN v_gender ELSE v_account.gender END,
        CASE WHEN v_source ? 'contact_number' THEN v_contact_number ELSE v_account.contact_number END,
        CASE WHEN v_source ? 'country' THEN v_country ELSE v_account.country END);
    SELECT u.own INTO STRICT v_user FROM gather_v1.users() AS u WHERE u.id = v_account.id;
    RETURN http.ok(json_build_object('status', 'success', 'user', v_user), v_session_id);
END
$function$;
COMMENT ON FUNCTION gather_v1.update_user(http.request) IS
    'PUT /api/v1/user/update: writes what is sent of the caller''s password, names, username and profile; what is '
    'missing keeps its value. An empty dob, gender, country or contact_number (or null) is cleared. A new password ends '
    'all other sessions; the old one is not asked, because a mailed code may have opened this one.';

SELECT http.define_route(
    'PUT', '/api/v1/user/update', 'gather_v1.update_user',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Update the password and the profile',
    p_description => 'A missing field keeps its value. Of dob, gender, country and contact_number an empty one is '
        'cleared. With a new password all other sessions end.',
    p_request => '{
        "type": "object",
        "properties": {
            "password": {"type": "string", "minLength": 8, "maxLength": 16},
            "firstname": {"type": "string", "minLength": 1, "maxLength": 25},
            "lastname": {"type": "string", "minLength": 1, "maxLength": 25},
            "username": {"type": "string", "minLength": 8, "maxLength": 16, "pattern": "^[A-Za-z0-9_.-]+$"},
            "dob": {"type": ["string", "null"], "format": "date"},
            "gender": {"type": ["string", "null"], "enum": ["male", "female", "other", "", null]},
            "country": {"type": ["string", "null"], "maxLength": 50},
            "contact_number": {"type": ["string", "integer", "null"], "maxLength": 50}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["status", "user"],
        "properties": {
            "status": {"const": "success"},
            "user": {"$ref": "#/components/schemas/gather_v1.OwnUser"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"password": "12345678", "dob": "1990-01-01", "country": "US"},
        "status": 200,
        "response": {
            "status": "success",
            "user": {
                "uid": 65213,
                "user_id": "0cba00ca3da1b283a57287bcceb17e35",
                "username": null,
                "firstname": "Jane",
                "lastname": "Doe",
                "avatar": null,
                "email": "jane.doe@example.com",
                "dob": "1990-01-01",
                "gender": null,
                "country": "US",
                "contact_number": null
            }
        }
    }, {
        "name": "failure",
        "request": {"password": "1234567", "firstname": ""},
        "status": 400,
        "response": {
            "status": "failed", "desc": "invalid parameters", "error_code": 100,
            "errors": [
                {"field": "password", "message": "is too short (minimum is 8 characters)"},
                {"field": "firstname", "message": "can not be blank"}
            ]
        }
    }]',
    p_errors => ARRAY['100', '101', '106']);
