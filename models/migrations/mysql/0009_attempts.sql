-- Failed attempts of a subject on a day: binding a room, signing in at the console.
-- +goose Up
CREATE TABLE attempts (
  subject VARCHAR(100) NOT NULL,
  day CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  failures INT NOT NULL,
  PRIMARY KEY (subject, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
