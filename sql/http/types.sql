-- What travels between the server and a contract function.

CREATE TYPE http.request AS (
    id text,
    method text,
    path text[],
    query text,
    body text,
    token text,
    key text,
    address text,
    user_agent text,
    media_type text
);
COMMENT ON TYPE http.request IS 'One request, as the server hands it over.';
COMMENT ON COLUMN http.request.id IS
    'Request id: in the answer, the access log and application_name.';
COMMENT ON COLUMN http.request.method IS 'As sent; a HEAD comes to the function of the GET.';
COMMENT ON COLUMN http.request.path IS
    'Values of the template''s variables in their order, percent-decoded; NULL without any.';
COMMENT ON COLUMN http.request.query IS
    'The query string as JSON object text, NULL without one. Read it by http.query.';
COMMENT ON COLUMN http.request.body IS
    'The body as JSON text, forms converted, NULL without one. Read it by http.body.';
COMMENT ON COLUMN http.request.token IS 'The session token as presented, NULL without one.';
COMMENT ON COLUMN http.request.key IS 'Idempotency-Key as presented.';
COMMENT ON COLUMN http.request.address IS 'Network address of the caller.';
COMMENT ON COLUMN http.request.media_type IS
    'What the client likes best of the media types that the route offers: text/html for a browser '
    'where there is a page, else application/json.';

CREATE TYPE http.response AS (
    status integer,
    outcome integer,
    headers text,
    body text,
    session_id bigint,
    new_token text
);
COMMENT ON TYPE http.response IS 'One answer. Made by http.ok and http.problem.';
COMMENT ON COLUMN http.response.status IS 'HTTP status on the wire.';
COMMENT ON COLUMN http.response.outcome IS
    'The status meant: logged, measured, and what http.guarded goes by.';
COMMENT ON COLUMN http.response.headers IS
    'Further field lines, each ended by a newline; NULL in the common case.';
COMMENT ON COLUMN http.response.body IS
    'JSON text unless headers name another Content-Type; NULL for none.';
COMMENT ON COLUMN http.response.session_id IS
    'The session that was used or made: servers report it to http.seen.';
COMMENT ON COLUMN http.response.new_token IS
    'A session token that this answer issues, so that no copy of it is kept.';
