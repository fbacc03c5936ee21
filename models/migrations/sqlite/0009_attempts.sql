-- Failed attempts of a subject on a day: binding a room, signing in at the console.
-- +goose Up
CREATE TABLE attempts (
  subject TEXT NOT NULL,
  day TEXT NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (subject, day)
) STRICT;
