package apiv3

import (
	"net/http"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/merchant"
)

// Host is the host of WeChat Pay.
type Host struct {
	core      *core.Core
	merchants *merchant.Set
}

// NewHost returns a host for merchants.
func NewHost(k *core.Core, m *merchant.Set) *Host { return &Host{core: k, merchants: m} }

// Routes adds the answer to unknown paths of WeChat Pay.
func (s *Host) Routes(mux *http.ServeMux) {
	mux.HandleFunc("/v3/", func(w http.ResponseWriter, _ *http.Request) {
		WritePlain(w, &Error{Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "请求的资源不存在"})
	})
}
