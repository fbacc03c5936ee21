package store

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"gorm.io/gorm"

	"wuyepay/models"
)

// inOperation says in an error which operation of the models failed and for which
// ids: "fees.PayBill 01J9…, 2026-03-15: …". Only ids and days are named; other
// arguments may be personal data. A refusal stays as it is, and nil nil.
//
// The name is looked up on the stack, so that no operation has to repeat it; that
// takes time only when something has failed.
func inOperation(err error, args []any) error {
	var named *operationError
	if err == nil || errors.As(err, &named) {
		return err
	}
	if _, refusal := models.AsError(err); refusal {
		return err
	}
	return &operationError{operation: operation(), keys: keys(args), cause: err}
}

// operationError is a failure of an operation of the models.
type operationError struct {
	operation string
	keys      string
	cause     error
}

func (e *operationError) Error() string { return e.operation + e.keys + ": " + e.cause.Error() }

func (e *operationError) Unwrap() error { return e.cause }

// guardFailed names the rule that did not hold, and the row.
func guardFailed(query string, args []any) error {
	rule := strings.Join(strings.Fields(query), " ")
	if _, where, ok := strings.Cut(rule, " WHERE "); ok {
		rule = where
	}
	return inOperation(fmt.Errorf("the guard did not hold: %s", rule), args)
}

const modelsPath = "wuyepay/models/"

// operation returns the outermost function of the models on the way to the statement,
// as its caller knows it: "fees.PayBill".
func operation() string {
	pcs := make([]uintptr, 48)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	name := "store"
	for {
		f, more := frames.Next()
		if inside, ok := strings.CutPrefix(f.Function, modelsPath); ok {
			if !strings.HasPrefix(inside, "store.") {
				name, _, _ = strings.Cut(inside, ".func") // a function literal inside it
			}
		} else if name != "store" || !more {
			return strings.TrimSuffix(name, "[...]")
		}
		if !more {
			return name
		}
	}
}

// maxKeys bounds how many ids an error names.
const maxKeys = 4

// keys returns the ids and days among arguments, with a space before them.
func keys(args []any) string {
	var out []string
	for _, a := range args {
		switch v := a.(type) {
		case string:
			if models.IsID(v) {
				out = append(out, v)
			}
		case models.Date:
			if !v.IsZero() {
				out = append(out, v.String())
			}
		}
	}
	if more := len(out) - maxKeys; more > 0 {
		out = append(out[:maxKeys], fmt.Sprintf("and %d more", more))
	}
	if len(out) == 0 {
		return ""
	}
	return " " + strings.Join(out, ", ")
}

// nameOperations has GORM's errors name the operation, too. A text that no id can be
// equal to finds nothing, as it does for statements written by hand.
func nameOperations(g *gorm.DB) error {
	name := func(db *gorm.DB) {
		if mysqlMatchless(db.Error) {
			if db.Error = nil; db.Statement.RaiseErrorOnNotFound { // First or Take
				db.Error = models.ErrNotFound
			}
			return
		}
		db.Error = inOperation(db.Error, db.Statement.Vars)
	}
	on := g.Callback()
	return errors.Join(
		on.Create().Register("store:operation", name), on.Query().Register("store:operation", name),
		on.Update().Register("store:operation", name),
		on.Delete().Register("store:operation", name), on.Row().Register("store:operation", name), on.Raw().Register("store:operation",
			name))
}
