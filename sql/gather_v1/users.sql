-- What a user looks like in this contract, and the answers that open or end a session.

CREATE FUNCTION gather_v1.users()
RETURNS TABLE (id bigint, user_id text, username text, email text, own json)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT a.id, a.email_md5, a.username, a.email,
        json_build_object(
            'uid', a.id,
            'user_id', a.email_md5,
            'username', a.username,
            'firstname', a.first_name,
            'lastname', a.last_name,
            'avatar', NULL,
            'email', a.email,
            'dob', a.birth_date,
            'gender', a.gender,
            'country', a.country,
            'contact_number', a.contact_number)
    FROM app.account AS a
$function$;
COMMENT ON FUNCTION gather_v1.users() IS
    'All accounts as this contract words them: own is what is shown to nobody but the person. Inlines into the asking '
    'query, so that only what is asked for is made.';

CREATE FUNCTION gather_v1.session_cookie(p_token text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT concat(
        'Set-Cookie: sessionid=', p_token, '; Path=/; Max-Age=', CASE WHEN p_token IS NULL THEN 0 ELSE 31536000 END,
        '; HttpOnly; SameSite=Lax',
        CASE WHEN current_setting('rapport.cookie_secure', true) = 'on' THEN '; Secure' END, E'\n')
$function$;
COMMENT ON FUNCTION gather_v1.session_cookie(text) IS
    'The field line that gives a browser the session, for as long as one can last; without a token it takes it away.';

CREATE FUNCTION gather_v1.answer_session(p_body json, p_session_id bigint, p_token text) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_answer http.response := http.ok(p_body, p_session_id, p_token);
BEGIN
    v_answer.headers := gather_v1.session_cookie(p_token);
    RETURN v_answer;
END
$function$;
COMMENT ON FUNCTION gather_v1.answer_session(json, bigint, text) IS
    'Answer 200 that opens a session, or ends one (no token): the cookie goes with it.';

SELECT http.define_schema('gather_v1.Success', '{
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"const": "success"}}
}');

SELECT http.define_schema('gather_v1.LogIn', '{
    "type": "object",
    "required": ["status", "username", "email", "uid", "user_id", "token"],
    "properties": {
        "status": {"const": "success"},
        "username": {"type": ["string", "null"]},
        "email": {"type": "string"},
        "uid": {"type": "string", "description": "The number, as a string"},
        "user_id": {"type": "string", "description": "MD5 of the address in lower case"},
        "token": {"type": "string", "description": "Also in the cookie sessionid"}
    }
}');

SELECT http.define_schema('gather_v1.LogOut', '{
    "type": "object",
    "required": ["status", "uid"],
    "properties": {"status": {"const": "success"}, "uid": {"type": "integer"}}
}');

SELECT http.define_schema('gather_v1.OwnUser', '{
    "type": "object",
    "required": ["uid", "user_id", "username", "firstname", "lastname", "avatar", "email", "dob", "gender", "country",
                 "contact_number"],
    "properties": {
        "uid": {"type": "integer"},
        "user_id": {"type": "string", "description": "MD5 of the address in lower case"},
        "username": {"type": ["string", "null"]},
        "firstname": {"type": ["string", "null"]},
        "lastname": {"type": ["string", "null"]},
        "avatar": {"type": "null"},
        "email": {"type": "string"},
        "dob": {"type": ["string", "null"], "description": "yyyy-mm-dd"},
        "gender": {"type": ["string", "null"], "enum": ["male", "female", "other", null]},
        "country": {"type": ["string", "null"]},
        "contact_number": {"type": ["string", "null"]}
    }
}');
