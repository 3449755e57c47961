-- GET /api/v1/user/profile/export

CREATE FUNCTION dsrt_v1.export_profile(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account_id bigint;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    RETURN http.ok(
        json_build_object(
            'http_status_code', 200,
            'export', core.export_person(v_account_id)),
        v_session_id);
END
$function$;
COMMENT ON FUNCTION dsrt_v1.export_profile(http.request) IS
    'GET /api/v1/user/profile/export: all that is known of the caller in all contracts, as core.gdpr_map says; no secrets, '
    'and nobody else''s data.';

SELECT http.define_route(
    'GET', '/api/v1/user/profile/export', 'dsrt_v1.export_profile',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Export everything',
    p_description => 'All that is known of the caller: the account, and the rows of each other table. Tables and columns may '
        'be added.',
    p_response => '{
        "type": "object",
        "required": ["http_status_code", "export"],
        "properties": {
            "http_status_code": {"type": "integer"},
            "export": {
                "type": "object",
                "required": ["account"],
                "properties": {
                    "account": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
                },
                "additionalProperties": {"type": "array", "items": {"type": "object"}}
            }
        }
    }',
    p_examples => '[{
        "name": "success",
        "status": 200,
        "response": {
            "http_status_code": 200,
            "export": {
                "account": {
                    "id": 1,
                    "state": "active",
                    "created_via": "dsrt_v1",
                    "email": "john.doe@example.com",
                    "email_confirmed_at": "2026-05-01T08:30:00.000Z",
                    "username": null,
                    "first_name": "John",
                    "last_name": "Doe",
                    "birth_date": "1990-01-01",
                    "country": "US",
                    "created_at": "2026-05-01T08:29:12.345Z"
                },
                "audit": [{
                    "id": 10,
                    "at": "2026-05-01T08:31:00.000Z",
                    "event": "session.opened",
                    "request_id": "d040e77b-0000000006"
                }],
                "known_network": [{
                    "network": "192.0.2.1",
                    "last_log_in_at": "2026-05-01T08:31:00.000Z"
                }],
                "mail": [{
                    "id": 4,
                    "kind": "confirmation",
                    "recipient": "john.doe@example.com",
                    "state": "sent",
                    "created_at": "2026-05-01T08:29:12.345Z",
                    "settled_at": "2026-05-01T08:29:13.000Z"
                }],
                "session": [{
                    "id": 7,
                    "contract": "dsrt_v1",
                    "address": "192.0.2.1",
                    "user_agent": "okhttp/4.12.0",
                    "created_at": "2026-05-01T08:31:00.000Z",
                    "last_seen_at": "2026-05-02T17:00:00.000Z",
                    "expires_at": "2027-05-01T08:31:00.000Z"
                }]
            }
        }
    }, {
        "name": "failure",
        "status": 401,
        "response": {
            "message": "Access token is invalid or expired",
            "http_status_code": 401,
            "error": {"code": "ACCESS_TOKEN_INVALID"}
        }
    }]',
    p_errors => ARRAY['ACCESS_TOKEN_INVALID']);
