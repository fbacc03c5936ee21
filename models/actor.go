package models

import "context"

// Actor is who changes something: an owner on a phone, a member of staff, or the
// system itself (a job, a callback). Every change demands one and every audit
// line names it.
type Actor struct {
	Kind string // user, staff or system
	ID   string
	Name string // staff name or name of the job; never an owner's name
}

// The kinds of actor.
const (
	ActorUser   = "user"
	ActorStaff  = "staff"
	ActorSystem = "system"
)

// UserActor is a person on a phone.
func UserActor(userID string) Actor { return Actor{Kind: ActorUser, ID: userID} }

// SystemActor is the program itself, named by what runs: a job or a callback.
func SystemActor(name string) Actor { return Actor{Kind: ActorSystem, Name: name} }

type requestIDKey struct{}

// WithRequestID puts the id of the request into the context, so that audit lines
// and logs can name it.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID is the id of the request that the context belongs to, or empty.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
