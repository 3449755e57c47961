-- Routes that answer pages too, and which of the two a client likes better.

ALTER TABLE app.route
    ADD COLUMN media_types text[] NOT NULL DEFAULT '{application/json}',
    ADD CONSTRAINT route_media_types_some CHECK (cardinality(media_types) > 0);
COMMENT ON COLUMN app.route.media_types IS
    'What the route can answer, the one it likes best first. Accept chooses (RFC 9110 §12.5.1).';
