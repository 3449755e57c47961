-- GET|POST /api/v1/user/profile/confirm_secondary_email

CREATE FUNCTION dsrt_v1.confirm_secondary_email(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_confirmed CONSTANT text := 'Your secondary email has been confirmed';
    v_errors json[];
    v_token text;
    v_is_good boolean;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_token
      FROM dsrt_v1.read_link_token(p_request, 'confirmation_token', 'Confirmation token') AS r;
    IF p_request.method = 'HEAD' THEN
        v_is_good := EXISTS (
            SELECT FROM core.find_mailed_token(v_token, 'secondary_confirmation'));
    ELSE
        v_is_good := core.confirm_secondary_email(v_token) IS NOT NULL;
    END IF;

    IF p_request.media_type = 'text/html' THEN
        RETURN CASE WHEN v_is_good
            THEN http.page(200, c_confirmed, ARRAY['You can close this page.'])
            ELSE http.bad_link_page(
                '7 days', 'If you have followed it before, the address is confirmed.', 200)
        END;
    ELSIF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters(
            'Failed to confirm your secondary email. Please check for form errors', v_errors);
    ELSIF NOT v_is_good THEN
        RETURN http.problem(
            'dsrt_v1', 'BAD_REQUEST', 'The confirmation token is invalid or expired');
    END IF;
    RETURN http.ok(json_build_object('message', c_confirmed, 'http_status_code', 200));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.confirm_secondary_email(http.request) IS
    'GET, POST /api/v1/user/profile/confirm_secondary_email: the mailed link came back. Good once and 7 days; 400 '
    'BAD_REQUEST also where the address became somebody else''s meanwhile. A browser gets a page. HEAD looks only.';

SELECT http.define_route(
    m.method, '/api/v1/user/profile/confirm_secondary_email', 'dsrt_v1.confirm_secondary_email',
    p_credential => 'none',
    p_summary => 'Confirm the secondary e-mail address',
    p_description => 'Takes the token that was mailed to a new secondary address, once.',
    p_query => m.query,
    p_request => m.body,
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "status": 200,
        "response": {
            "message": "Your secondary email has been confirmed",
            "http_status_code": 200
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
    p_errors => ARRAY['BAD_PARAMETERS', 'BAD_REQUEST'],
    p_changes_on_get => m.method = 'GET',
    p_media_types => m.types)
  FROM (SELECT '{
        "type": "object",
        "required": ["confirmation_token"],
        "properties": {"confirmation_token": {"type": "string"}}
    }'::jsonb AS schema) AS s
 CROSS JOIN LATERAL (
    VALUES ('GET', s.schema, NULL, '{application/json,text/html}'::text[]),
        ('POST', NULL, s.schema, '{application/json}')) AS m (method, query, body, types);
