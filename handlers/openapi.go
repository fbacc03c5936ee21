package handlers

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/validation"

	"wuyepay/models"
	"wuyepay/models/estate"
)

// MaxBody bounds the body of an owner's request.
const MaxBody = 64 << 10

// setUp sets what the library keeps once a process, however many APIs there are.
var setUp = sync.OnceFunc(func() {
	chinese()
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		f := badInput(status, message, errs)
		f.RequestID = models.RequestID(ctx.Context())
		return f
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return badInput(status, message, errs)
	}
})

// NewHuma makes the typed API over a mux: input is checked against the types, and
// the OpenAPI document is generated from them.
func NewHuma(mux *http.ServeMux) huma.API {
	cfg := HumaConfig("Wuyepay", "Property fees: see every bill and how each fen came about, and pay by WeChat Pay. Money is integer fen, "+
		"dates are Asia/Shanghai.")
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}}
	return humago.New(mux, cfg)
}

// HumaConfig is what every typed API of ours has: strict input, our form of a refusal, no
// documents but those that the server serves itself.
func HumaConfig(title, description string) huma.Config {
	setUp()
	cfg := huma.DefaultConfig(title, "1")
	cfg.Info.Description = description
	cfg.RejectUnknownQueryParameters = true
	cfg.DocsPath = "" // its page loads scripts from elsewhere; ours is embedded
	cfg.SchemasPath = ""
	cfg.OpenAPIPath = "" // served by the route list
	cfg.CreateHooks = nil
	return cfg
}

// Handle registers one operation: typed in, typed out, errors by [Fail].
func Handle[I, O any](api huma.API, a *API, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	op.MaxBodyBytes = MaxBody
	if op.Tags == nil {
		op.Tags = []string{"owner"}
	}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, Fail(ctx, a.Log, err)
		}
		return out, nil
	})
}

type userKey struct{}

// SignedIn is the guard of every call that needs to know who asks: a bearer token
// of POST /session.
func (a *API) SignedIn(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
		user, err := estate.User{}, error(models.ErrUnauthorized)
		if ok && token != "" {
			user, err = a.userOf(ctx.Context(), token)
		}
		if err != nil {
			f := Fail(ctx.Context(), a.Log, err)
			ctx.SetHeader("Content-Type", "application/json")
			ctx.SetStatus(f.status)
			_ = api.Marshal(ctx.BodyWriter(), "application/json", f) // the phone may have gone
			return
		}
		next(huma.WithValue(ctx, userKey{}, user))
	}
}

func (a *API) userOf(ctx context.Context, token string) (estate.User, error) {
	return estate.UserOfToken(a.DB.View(ctx), token)
}

// user is who asks; the guard has put it there.
func user(ctx context.Context) estate.User { return ctx.Value(userKey{}).(estate.User) }

// chinese has the checks of the typed input speak to the person who reads the answer.
func chinese() {
	validation.MsgUnexpectedProperty = "不认识的字段"
	validation.MsgExpectedBoolean = "应为布尔值"
	validation.MsgExpectedNumber = "应为数字"
	validation.MsgExpectedInteger = "应为整数"
	validation.MsgExpectedString = "应为字符串"
	validation.MsgExpectedArray = "应为数组"
	validation.MsgExpectedObject = "应为对象"
	validation.MsgExpectedArrayItemsUnique = "数组内不可重复"
	validation.MsgExpectedOneOf = "应为以下之一：%s"
	validation.MsgExpectedMinimumNumber = "不可小于 %.0f" // every bound is whole: 10000000, not 1e+07
	validation.MsgExpectedMaximumNumber = "不可大于 %.0f"
	validation.MsgExpectedMinLength = "长度不可小于 %d"
	validation.MsgExpectedMaxLength = "长度不可大于 %d"
	validation.MsgExpectedBePattern = "格式不符：%s"
	validation.MsgExpectedMatchPattern = "格式不符：%s"
	validation.MsgExpectedMinItems = "至少 %d 项"
	validation.MsgExpectedMaxItems = "最多 %d 项"
	validation.MsgExpectedMaxProperties = "最多 %d 个字段"
	validation.MsgExpectedRequiredProperty = "缺少必填字段 %s"
	validation.MsgExpectedRFC3339Date = "应为日期，如 2026-03-15"
}
