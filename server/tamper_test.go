package main

import (
	"database/sql"
	"strings"
	"testing"
)

// tamper changes the database behind the program's back.
func tamper(t *testing.T, env []string, query string) {
	t.Helper()
	value := map[string]string{}
	for _, e := range env {
		k, v, _ := strings.Cut(e, "=")
		value[k] = v
	}
	db, err := sql.Open(value["WUYEPAY_DATABASE__DRIVER"], value["WUYEPAY_DATABASE__DSN"])
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}
