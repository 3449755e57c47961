-- gather_v1: its path space and the numbers of its errors, which GET /api/v1/error_codes publishes.

SELECT http.define_contract('gather_v1', 'status');
SELECT http.define_space('/api/v1/', 'gather_v1');

SELECT http.define_error('gather_v1', e.code, e.outcome, e.message, e.kind, e.headers)
  FROM (VALUES
    ('100', 400, 'invalid parameters', NULL, NULL),
    ('101', 401, 'login required', NULL, NULL),
    ('102', 200, 'user name or password incorrect', NULL, NULL),
    ('103', 403, 'account not activated', NULL, NULL),
    ('104', 423, 'account locked', NULL, NULL),
    ('105', 400, 'code wrong or expired', NULL, NULL),
    ('106', 409, 'username or email taken', NULL, NULL),
    ('107', 404, 'not found', 'not_found', NULL),
    ('108', 403, 'not allowed', NULL, NULL),
    ('109', 409, 'event full', NULL, NULL),
    ('110', 409, 'event closed', NULL, NULL),
    ('112', 403, 'account blocked or disabled', NULL, NULL),
    ('113', 422, 'idempotency key used for another request', 'key_reused', NULL),
    ('190', 400, 'malformed request', 'malformed', NULL),
    ('191', 405, 'method not allowed', 'method_not_allowed', NULL),
    ('192', 406, 'not acceptable', 'not_acceptable', NULL),
    ('193', 413, 'too large', 'too_large', NULL),
    ('194', 415, 'unsupported type', 'unsupported_media_type', NULL),
    ('195', 429, 'too many requests', NULL, NULL),
    ('198', 503, 'maintenance', 'maintenance', E'Retry-After: 120\n'),
    ('199', 500, 'server error', 'server_error', NULL)
  ) AS e (code, outcome, message, kind, headers);

SELECT http.define_refusal('gather_v1', r.kind, r.code, r.outcome, r.message, r.headers)
  FROM (VALUES
    ('uri_too_long', '190', 414, 'address too long', NULL),
    ('fields_too_large', '190', 431, 'header fields too large', NULL),
    ('request_timeout', '190', 408, 'request did not arrive in time', NULL),
    ('not_implemented', '191', 501, 'method not known', NULL),
    ('version_not_supported', '190', 505, 'http version not supported', NULL),
    ('expectation_failed', '190', 417, 'expectation failed', NULL),
    ('busy', '198', NULL, 'server busy, try again', E'Retry-After: 1\n'),
    ('unavailable', '198', NULL, 'service unavailable, try again', E'Retry-After: 5\n'),
    ('time_out', '198', NULL, 'request took too long, try again', E'Retry-After: 5\n')
  ) AS r (kind, code, outcome, message, headers);
