package staffapi

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"wuyepay/handlers"
	"wuyepay/models"
	"wuyepay/models/office"
)

// failureType is the answer to what cannot be done.
var failureType = reflect.TypeFor[handlers.Failure]()

type callerKey struct{}

// caller is who asks, and by which token.
type caller struct {
	staff office.Staff
	token string
}

// guard lets a call through for a member of staff whose role has a permission. The
// account is read at each call, so that one that is disabled ends at once.
func (a *API) guard(api huma.API, perm office.Permission) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
		c, err := caller{token: token}, error(models.ErrUnauthorized)
		if ok && token != "" {
			c.staff, err = office.StaffOfToken(a.DB.View(ctx.Context()), token)
		}
		if err == nil && !c.staff.Can(perm) {
			err = models.ErrForbidden
		}
		if err != nil {
			f := handlers.Fail(ctx.Context(), a.Log, err)
			ctx.SetHeader("Content-Type", "application/json")
			ctx.SetStatus(f.GetStatus())
			_ = api.Marshal(ctx.BodyWriter(), "application/json", f) // the caller may have gone
			return
		}
		next(huma.WithValue(ctx, callerKey{}, c))
	}
}

// StaffOf returns who asks; the guard has put it there. Its Scope says which rooms are
// theirs: what is outside is [models.ErrNotFound].
func StaffOf(ctx context.Context) office.Staff { return ctx.Value(callerKey{}).(caller).staff }

type addressKey struct{}

// fromAddress notes where a call comes from.
func (a *API) fromAddress(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, addressKey{}, a.ClientAddr(r)))
}

// addressOf returns what fromAddress noted, or "".
func addressOf(ctx context.Context) string {
	addr, _ := ctx.Value(addressKey{}).(string)
	return addr
}

// Fallback answers what no call is registered for under Prefix: 405 with Allow for a
// known path, 404 for others.
func (a *API) Fallback(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); strings.HasPrefix(pattern, method+" ") {
				allowed = append(allowed, method)
			}
		}
		status, code, message := http.StatusNotFound, models.ErrNotFound.Code, models.ErrNotFound.Message
		if len(allowed) > 0 {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			status, code, message = http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "该地址不支持这种请求方法"
		}
		handlers.WriteFailure(w, status, handlers.Failure{Code: code, Message: message, RequestID: models.RequestID(r.Context())})
	}
}
