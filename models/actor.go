package models

import "context"

// Actor is who changes something: an owner on a phone, a member of staff, or the
// system itself (a job, a callback). Every change demands one and every audit line
// names it. Two actors are the same person if they are equal: who asked for a change
// must not be who approves it.
//
// A struct that keeps one embeds it, with a prefix for its three columns:
//
//	Asked Actor `gorm:"embedded;embeddedPrefix:asked_"` // asked_kind, asked_id, asked_name
type Actor struct {
	Kind string // user, staff or system
	ID   string // of the user or member of staff; empty for the system
	Name string // staff name or name of the job; never an owner's name
}

// The kinds of actor.
const (
	ActorUser   = "user"
	ActorStaff  = "staff"
	ActorSystem = "system"
)

// UserActor returns the actor for a person on a phone. It has no name: the log is
// free of owners' names.
func UserActor(userID string) Actor { return Actor{Kind: ActorUser, ID: userID} }

// SystemActor returns the actor for the program itself, named by what runs: a job or a
// callback.
func SystemActor(name string) Actor { return Actor{Kind: ActorSystem, Name: name} }

type requestIDKey struct{}

// WithRequestID returns a context with the id of the request, so that audit lines and
// logs can name it.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request that the context belongs to, or an empty
// text.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
