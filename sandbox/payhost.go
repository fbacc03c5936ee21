package sandbox

import "net/http"

// payHost is the host of WeChat Pay: what all its calls share.
type payHost struct {
	core      *core
	merchants *merchants
}

func newPayHost(k *core, m *merchants) *payHost { return &payHost{core: k, merchants: m} }

// routes adds what answers for WeChat Pay's unknown paths.
func (s *payHost) routes(mux *http.ServeMux) {
	mux.HandleFunc("/v3/", func(w http.ResponseWriter, _ *http.Request) {
		writePlain(w, &apiError{status: 404, code: "RESOURCE_NOT_EXISTS", message: "请求的资源不存在"})
	})
}
