-- dsrt_v1: its path spaces and every error it answers. Always HTTP 200; the status stands in
-- http_status_code.

SELECT http.define_contract('dsrt_v1', 'always_200');

SELECT http.define_space('/api/v1/user/' || s.name || '/', 'dsrt_v1')
  FROM unnest(ARRAY['authentication', 'registration', 'profile', 'password', 'friendship',
                    'death_notice']) AS s (name);

SELECT http.define_error('dsrt_v1', e.code, e.outcome, e.message, e.kind, e.headers)
  FROM (VALUES
    ('BAD_PARAMETERS', 400, 'Some parameters are invalid', NULL, NULL),
    ('BAD_REQUEST', 400, 'The request is not in the expected format', 'malformed', NULL),
    ('ACCESS_TOKEN_INVALID', 401, 'Access token is invalid or expired', NULL, NULL),
    ('UNAUTHORIZED', 401, 'Email or password is invalid', NULL, NULL),
    ('ACCESS_DENINED', 403, 'You are not allowed to do this', NULL, NULL),
    ('RESOURCE_NOT_FOUND', 404, 'The resource does not exist', NULL, NULL),
    ('ENDPOINT_NOT_EXISTS', 404, 'The endpoint does not exist', 'not_found', NULL),
    ('NOT_ACCEPTABLE', 406, 'Answers are JSON only', 'not_acceptable', NULL),
    ('SERVER_ERROR', 500, 'Something went wrong on our side', 'server_error', NULL),
    ('SERVER_MAINTENANCE', 503, 'The server is under maintenance, please come back later',
     'maintenance', E'Retry-After: 120\n')
  ) AS e (code, outcome, message, kind, headers);

SELECT http.define_refusal('dsrt_v1', r.kind, r.code, r.outcome, r.message, r.headers)
  FROM (VALUES
    ('method_not_allowed', 'ENDPOINT_NOT_EXISTS', 405,
     'The endpoint does not exist for this method', NULL),
    ('too_large', 'BAD_REQUEST', 413, 'The request body is too large', NULL),
    ('unsupported_media_type', 'BAD_REQUEST', NULL, 'The content type is not supported', NULL),
    ('uri_too_long', 'BAD_REQUEST', 414, 'The address is too long', NULL),
    ('fields_too_large', 'BAD_REQUEST', 431, 'The header fields are too large', NULL),
    ('request_timeout', 'BAD_REQUEST', 408, 'The request did not arrive in time', NULL),
    ('not_implemented', 'BAD_REQUEST', 501, 'The method is not known', NULL),
    ('version_not_supported', 'BAD_REQUEST', 505, 'Only HTTP/1 is spoken here', NULL),
    ('expectation_failed', 'BAD_REQUEST', 417, 'The expectation cannot be met', NULL),
    ('key_reused', 'BAD_REQUEST', 422,
     'The Idempotency-Key was already used for another request', NULL),
    ('busy', 'SERVER_MAINTENANCE', NULL, 'The server is busy, please try again',
     E'Retry-After: 1\n'),
    ('unavailable', 'SERVER_MAINTENANCE', NULL, 'The service is unavailable, please try again',
     E'Retry-After: 5\n'),
    ('time_out', 'SERVER_MAINTENANCE', NULL, 'The request took too long, please try again',
     E'Retry-After: 5\n')
  ) AS r (kind, code, outcome, message, headers);
