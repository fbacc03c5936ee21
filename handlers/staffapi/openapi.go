package staffapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"wuyepay/handlers"
	"wuyepay/models"
	"wuyepay/models/office"
)

// bearer is the name of the way to sign in, in the document.
const bearer = "bearer"

// NewHuma makes the typed API of staff over a mux. Every answer is private to who asked
// for it, and a parameter that a call does not know is refused.
func NewHuma(mux *http.ServeMux, publicURL string) huma.API {
	cfg := handlers.HumaConfig("Wuyepay 员工接口", "物业收费后台的 JSON 接口，供呼叫中心、公司其他系统、脚本和管家手机使用。"+
		"金额为整数分（字段以 _fen 结尾），日期按北京时间，时刻为 RFC 3339。")
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{bearer: {
		Type: "http", Scheme: "bearer", Description: "POST /session 返回的令牌，放在 Authorization: Bearer 中",
	}}
	cfg.Security = []map[string][]string{{bearer: {}}}
	cfg.Servers = []*huma.Server{{URL: publicURL, Description: "本服务"}}
	cfg.Tags = []*huma.Tag{{Name: "session", Description: "登录与身份"}, {Name: "imports", Description: "导入文件：预览、确认、撤回"}}
	api := humago.New(mux, cfg)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		ctx.SetHeader("Cache-Control", "no-store")
		next(ctx)
	})
	return api
}

// Document serves the OpenAPI document that is generated from the code.
func Document(api huma.API) http.HandlerFunc {
	doc, err := json.Marshal(api.OpenAPI())
	return func(w http.ResponseWriter, _ *http.Request) {
		if err != nil {
			http.Error(w, "no document", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(doc)
	}
}

// open is a call that anybody may make.
func (a *API) open(id, method, path, summary, description string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: Prefix + path, Summary: summary, Description: description, Tags: []string{"session"},
		Security: []map[string][]string{}, // said, so that the document's own does not apply
	}
}

// SignedIn is a call of a member of staff whose role has a permission. Without a valid
// token the answer is 401, without the permission 403.
func (a *API) SignedIn(api huma.API, id, method, path string, perm office.Permission, summary, description string) huma.Operation {
	op := a.open(id, method, path, summary, description)
	op.Security = []map[string][]string{{bearer: {}}}
	op.Middlewares = huma.Middlewares{a.guard(api, perm)}
	return op
}

// Tagged puts a call into another chapter of the document.
func Tagged(op huma.Operation, tag string) huma.Operation { op.Tags = []string{tag}; return op }

// Created answers 201.
func Created(op huma.Operation) huma.Operation { op.DefaultStatus = http.StatusCreated; return op }

// Empty answers 204 without a body.
func Empty(op huma.Operation) huma.Operation { op.DefaultStatus = http.StatusNoContent; return op }

// Handle registers one operation: typed in, typed out. The refusals are what it can
// answer beside what every call can; the document lists them by status.
func Handle[I, O any](api huma.API, a *API, op huma.Operation, fn func(context.Context, *I) (*O, error), refusals ...*models.Error) {
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = handlers.MaxBody
	}
	op.Responses = failures(api, &op, refusals)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, handlers.Fail(ctx, a.Log, err)
		}
		return out, nil
	})
}

// failures describes what a call may refuse, by status, with the codes as an enum.
func failures(api huma.API, op *huma.Operation, refusals []*models.Error) map[string]*huma.Response {
	codes := map[int][]string{
		http.StatusBadRequest: {handlers.CodeInvalid}, http.StatusTooManyRequests: {handlers.CodeTooMany},
		http.StatusInternalServerError: {handlers.CodeInternal},
	}
	if op.Method != http.MethodGet && op.Method != http.MethodDelete {
		codes[http.StatusRequestEntityTooLarge] = []string{handlers.CodeTooLarge}
		codes[http.StatusUnsupportedMediaType] = []string{handlers.CodeInvalid}
	}
	if len(op.Security) > 0 {
		refusals = append(refusals, models.ErrUnauthorized, models.ErrForbidden)
	}
	if strings.Contains(op.Path, "{") {
		refusals = append(refusals, models.ErrNotFound)
	}
	for _, e := range refusals {
		status := handlers.StatusOf(e.Kind)
		if !slices.Contains(codes[status], e.Code) {
			codes[status] = append(codes[status], e.Code)
		}
	}
	base := api.OpenAPI().Components.Schemas.Schema(failureType, true, "Failure")
	out := map[string]*huma.Response{}
	for status, list := range codes {
		slices.Sort(list)
		enum := make([]any, len(list))
		for i, c := range list {
			enum[i] = c
		}
		out[strconv.Itoa(status)] = &huma.Response{
			Description: statusWords[status],
			Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{AllOf: []*huma.Schema{base, {
				Type:       huma.TypeObject,
				Properties: map[string]*huma.Schema{"code": {Type: huma.TypeString, Description: "错误代码", Enum: enum}},
			}}}}},
		}
	}
	return out
}

// statusWords say what a status means, for readers of the document.
var statusWords = map[int]string{
	http.StatusBadRequest: "请求内容有误", http.StatusUnauthorized: "没有登录，或登录无效", http.StatusForbidden: "没有权限",
	http.StatusNotFound: "不存在，或不在可见范围内", http.StatusConflict: "与当前状态冲突", http.StatusRequestEntityTooLarge: "请求内容过大",
	http.StatusUnsupportedMediaType: "内容类型不支持", http.StatusUnprocessableEntity: "无法处理", http.StatusTooManyRequests: "请求过于频繁",
	http.StatusInternalServerError: "系统故障", http.StatusServiceUnavailable: "暂时无法使用",
}
