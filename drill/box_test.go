package main

import (
	"context"
	"sync"
	"testing"

	"wuyepay/sandbox"
)

var box = sync.OnceValues(func() (*sandbox.Server, error) { return sandbox.Start(context.Background(), sandbox.Config{}) })

// quietBox returns a sandbox in which nothing has happened.
func quietBox(t *testing.T) *sandbox.Server {
	t.Helper()
	s, err := box()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
