-- What a user looks like in this contract.

CREATE FUNCTION dsrt_v1.users()
RETURNS TABLE (id bigint, state text, brief json, profile json)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT a.id, a.state,
        json_build_object(
            'id', a.id,
            'first_name', a.first_name,
            'last_name', a.last_name,
            'full_name', concat_ws(' ', a.first_name, a.middle_name, a.last_name),
            'email', a.email,
            'avatar', NULL,
            'organisation', NULL,
            'default_password', a.password_set_at IS NULL),
        json_build_object(
            'id', a.id,
            'first_name', a.first_name,
            'middle_name', a.middle_name,
            'last_name', a.last_name,
            'full_name', concat_ws(' ', a.first_name, a.middle_name, a.last_name),
            'email', a.email,
            'secondary_email', a.secondary_email,
            'secondary_email_confirmed', CASE WHEN a.secondary_email IS NOT NULL
                THEN a.secondary_email_confirmed_at IS NOT NULL END,
            'level', 'account_holder',
            'email_confirmed', a.email_confirmed_at IS NOT NULL,
            'dob', a.birth_date,
            'gender', a.gender,
            'contact_number', a.contact_number,
            'country', a.country,
            'avatar', NULL)
    FROM app.account AS a
$function$;
COMMENT ON FUNCTION dsrt_v1.users() IS
    'All accounts as this contract words them: brief in log-in and registration, profile in one''s own profile. Inlines '
    'into the asking query, so that only what is asked for is made.';

SELECT http.define_schema('dsrt_v1.Message', '{
    "type": "object",
    "required": ["message", "http_status_code"],
    "properties": {
        "message": {"type": "string"},
        "http_status_code": {"type": "integer"}
    }
}');

SELECT http.define_schema('dsrt_v1.Avatar', '{
    "type": ["object", "null"],
    "required": ["origin", "thumb"],
    "properties": {
        "origin": {"type": "string"},
        "thumb": {"type": "string"}
    }
}');

SELECT http.define_schema('dsrt_v1.User', '{
    "type": "object",
    "required": ["id", "first_name", "last_name", "full_name", "email", "avatar", "organisation",
                 "default_password"],
    "properties": {
        "id": {"type": "integer"},
        "first_name": {"type": ["string", "null"]},
        "last_name": {"type": ["string", "null"]},
        "full_name": {"type": "string"},
        "email": {"type": "string"},
        "avatar": {"$ref": "#/components/schemas/dsrt_v1.Avatar"},
        "organisation": {"type": "null"},
        "default_password": {"type": "boolean",
            "description": "true while no password was ever chosen"}
    }
}');

SELECT http.define_schema('dsrt_v1.Profile', '{
    "type": "object",
    "required": ["id", "first_name", "middle_name", "last_name", "full_name", "email",
                 "secondary_email", "secondary_email_confirmed", "level", "email_confirmed", "dob",
                 "gender", "contact_number", "country", "avatar"],
    "properties": {
        "id": {"type": "integer"},
        "first_name": {"type": ["string", "null"]},
        "middle_name": {"type": ["string", "null"]},
        "last_name": {"type": ["string", "null"]},
        "full_name": {"type": "string"},
        "email": {"type": "string"},
        "secondary_email": {"type": ["string", "null"]},
        "secondary_email_confirmed": {"type": ["boolean", "null"],
            "description": "null without a secondary address"},
        "level": {"type": "string", "enum": ["account_holder"]},
        "email_confirmed": {"type": "boolean"},
        "dob": {"type": ["string", "null"], "description": "yyyy-mm-dd"},
        "gender": {"type": ["string", "null"], "enum": ["male", "female", "other", null]},
        "contact_number": {"type": ["string", "null"]},
        "country": {"type": ["string", "null"]},
        "avatar": {"$ref": "#/components/schemas/dsrt_v1.Avatar"}
    }
}');
