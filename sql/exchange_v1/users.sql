-- DELETE /users

CREATE FUNCTION exchange_v1.users() RETURNS TABLE (id bigint, own json)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT a.id,
        json_build_object(
            'id', a.id,
            'username', a.username,
            'email', a.email,
            'phoneNumber', a.contact_number,
            'country', a.country,
            'avatar', NULL,
            'firstName', a.first_name,
            'lastName', a.last_name,
            'UserLanguages', (
                SELECT coalesce(
                    json_agg(
                        json_build_object(
                            'languageId', u.language_id,
                            'type', u.type,
                            'Language', exchange_v1.language(l))
                        ORDER BY u.type DESC, l.name COLLATE "und-x-icu"),
                    '[]')
                FROM app.account_language AS u
                INNER JOIN app.language AS l ON l.id = u.language_id
                WHERE u.account_id = a.id),
            'createdAt', core.time_text(a.created_at))
    FROM app.account AS a
$function$;
COMMENT ON FUNCTION exchange_v1.users() IS
    'All accounts as this contract words them: own is what a person is shown of themselves. Native languages stand '
    'before those of interest. Inlines into the asking query, so that only what is asked for is made.';

SELECT http.define_schema('exchange_v1.UserLanguage', '{
    "type": "object",
    "required": ["languageId", "type", "Language"],
    "properties": {
        "languageId": {"type": "integer"},
        "type": {"type": "string", "enum": ["native", "interest"]},
        "Language": {"$ref": "#/components/schemas/exchange_v1.Language"}
    }
}');

SELECT http.define_schema('exchange_v1.User', '{
    "type": "object",
    "required": ["id", "username", "email", "phoneNumber", "country", "avatar", "firstName", "lastName",
                 "UserLanguages", "createdAt"],
    "properties": {
        "id": {"type": "integer"},
        "username": {"type": ["string", "null"], "description": "null where the account has none"},
        "email": {"type": "string"},
        "phoneNumber": {"type": ["string", "null"]},
        "country": {"type": ["string", "null"]},
        "avatar": {"type": "null"},
        "firstName": {"type": ["string", "null"]},
        "lastName": {"type": ["string", "null"]},
        "UserLanguages": {"type": "array", "items": {"$ref": "#/components/schemas/exchange_v1.UserLanguage"}},
        "createdAt": {"type": "string", "format": "date-time"}
    }
}');

CREATE FUNCTION exchange_v1.delete_user(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account_id bigint;
    v_is_group_creator boolean;
    v_errors json[];
    v_password text;
    v_try record;
BEGIN
    SELECT c.session_id, c.account_id, c.is_group_creator
      INTO v_session_id, v_account_id, v_is_group_creator
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('exchange_v1', 'unauthorized');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text('{}', http.body(p_request), 'password', p_required => true, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN exchange_v1.refuse_parameters(v_errors, v_session_id);
    END IF;
    IF v_is_group_creator THEN
        PERFORM core.hold_group_creators();
    END IF;
    v_try := core.try_password(
        v_account_id, NULL, v_password, p_request.address, p_request.id, 'exchange_v1.delete_user');
    IF v_try.verdict = 'locked' THEN
        RETURN http.locked_problem(
            'exchange_v1', 'locked', v_try.locked_until, NULL, v_session_id, 'lockedUntil');
    ELSIF NOT EXISTS (SELECT FROM core.caller(p_request.token)) THEN
        -- It took a while: the account may have been closed meanwhile, by a second try of the same call.
        RETURN http.problem('exchange_v1', 'unauthorized');
    ELSIF v_try.verdict <> 'right' THEN
        RETURN http.problem(
            'exchange_v1', 'forbidden', 'The password is wrong',
            json_build_array(http.wrong_field('password', NULL, 'is wrong')), v_session_id);
    END IF;
    IF core.close_account(v_account_id, p_request.address, p_request.id) = 'last_group_creator' THEN
        RETURN http.problem(
            'exchange_v1', 'forbidden', 'You are the last one who runs the place', NULL, v_session_id);
    END IF;
    RETURN http.ok(json_build_object('id', v_account_id));
END
$function$;
COMMENT ON FUNCTION exchange_v1.delete_user(http.request) IS
    'DELETE /users: closes the caller''s account and ends all its sessions, if the password is right. A wrong one is '
    '403, for a 401 would tell clients to log out, and counts like any other: too many are 423.';

SELECT http.define_route(
    'DELETE', '/users', 'exchange_v1.delete_user',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Delete one''s own account',
    p_description => 'Closes the account for good. Its email address and username stay taken for 30 days.',
    p_request => '{
        "type": "object",
        "required": ["password"],
        "properties": {"password": {"type": "string", "description": "The current password"}}
    }',
    p_response => '{
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}}
    }',
    p_examples => '[{
        "name": "success",
        "request": {"password": "a long secret"},
        "status": 200,
        "response": {"id": 76}
    }, {
        "name": "wrong password",
        "request": {"password": "a wrong secret"},
        "status": 403,
        "response": {
            "message": "The password is wrong",
            "errors": [{"field": "password", "message": "is wrong"}]
        }
    }]',
    p_errors => ARRAY['invalid', 'unauthorized', 'forbidden', 'locked']);
