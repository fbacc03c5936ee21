package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// defaultTemplates are the five messages a property company sends.
var defaultTemplates = []Template{
	{Key: "bill_ready", Title: "账单生成通知", Keywords: []Keyword{
		{"thing1", "房号"}, {"thing2", "费用项目"}, {"amount3", "金额"}, {"date4", "缴费截止"}}},
	{Key: "due_soon", Title: "缴费到期提醒", Keywords: []Keyword{
		{"thing1", "房号"}, {"amount2", "金额"}, {"date3", "到期日"}, {"thing4", "备注"}}},
	{Key: "overdue", Title: "欠费提醒", Keywords: []Keyword{
		{"thing1", "房号"}, {"amount2", "金额"}, {"number3", "逾期天数"}, {"thing4", "备注"}}},
	{Key: "payment_received", Title: "缴费成功通知", Keywords: []Keyword{
		{"thing1", "房号"}, {"amount2", "金额"}, {"time3", "缴费时间"}, {"character_string4", "订单号"}}},
	{Key: "request_decided", Title: "申请处理结果", Keywords: []Keyword{
		{"thing1", "申请类型"}, {"phrase2", "结果"}, {"thing3", "说明"}}},
}

// openApp settles the mini-program's identity and templates.
func (s *Server) openApp(saved keyFile) {
	c := &s.cfg
	c.AppID = firstOf(c.AppID, saved.AppID, "wx"+randomHex(16))
	c.AppSecret = firstOf(c.AppSecret, saved.AppSecret, randomHex(32))
	c.MessageToken = firstOf(c.MessageToken, saved.MessageToken, randomText(32))
	// 42 characters are free; the 43rd carries two bits that strict decoders
	// want to be zero.
	c.MessageAESKey = firstOf(c.MessageAESKey, saved.MessageAESKey, randomText(42)+"A")
	templates := make([]Template, len(defaultTemplates))
	copy(templates, defaultTemplates)
given:
	for _, t := range c.Templates {
		for i := range templates {
			if templates[i].Key == t.Key {
				templates[i].replace(t)
				continue given
			}
		}
		templates = append(templates, t)
	}
	for i := range templates {
		// Made ids are derived, not stored: the same app has the same ones.
		templates[i].ID = firstOf(templates[i].ID, derive(43, "template", c.AppID, templates[i].Key))
		templates[i].Title = firstOf(templates[i].Title, templates[i].Key)
	}
	c.Templates = templates
}

// replace lets the host's template stand in for a default, field by field:
// a configuration often knows the id and nothing else.
func (t *Template) replace(by Template) {
	t.ID = by.ID
	t.Title = firstOf(by.Title, t.Title)
	if len(by.Keywords) > 0 {
		t.Keywords = by.Keywords
	}
}

// template finds one by its id; there are a handful, so a walk is fine.
func (s *Server) template(id string) (Template, bool) {
	for _, t := range s.cfg.Templates {
		if t.ID == id {
			return t, true
		}
	}
	return Template{}, false
}

// appError is a refusal of the mini-program host: HTTP 200 with an errcode.
type appError struct {
	code    int
	message string
}

func (e *appError) Error() string { return strconv.Itoa(e.code) + " " + e.message }

// appCall is one call to the mini-program host.
type appCall struct {
	r    *http.Request
	body []byte
}

// appHandler returns a value to answer as JSON, or bytes that are a picture.
type appHandler func(*appCall) (any, error)

// app wraps a handler with what all mini-program calls share.
func (s *Server) app(route Route, handle appHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.calls[route].Add(1)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			writeAppError(w, &appError{44002, "empty post data"})
			return
		}
		fault := s.faults.strike(route, "", nil)
		if fault != nil && s.spoilBefore(w, r, fault, true) {
			return
		}
		value, err := handle(&appCall{r, body})
		if fault != nil && s.spoilAfter(w, r, fault, true) {
			return
		}
		if err != nil {
			var refused *appError
			if !errors.As(err, &refused) {
				s.log.Error("sandbox: call failed", "path", r.URL.Path, "error", err)
				refused = &appError{errcodeBusy, "system error"}
			}
			writeAppError(w, refused)
			return
		}
		writeApp(w, value, fault)
	}
}

// writeApp answers a call that went well.
func writeApp(w http.ResponseWriter, value any, fault *Fault) {
	contentType, body := "application/json; charset=UTF-8", []byte(nil)
	if picture, ok := value.([]byte); ok {
		contentType, body = "image/jpeg", picture // exactly this: SDKs compare it
	} else {
		var err error
		if body, err = json.Marshal(value); err != nil {
			writeAppError(w, &appError{errcodeBusy, "system error"})
			return
		}
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if fault.kind() == FaultTruncated {
		w.Write(body[:len(body)/2])
		cutShort(w)
	}
	w.Write(body)
}

// writeAppError answers as the mini-program host does: HTTP 200, and a rid
// by which its support would find the call.
func writeAppError(w http.ResponseWriter, e *appError) {
	body, _ := json.Marshal(struct {
		Code    int    `json:"errcode"`
		Message string `json:"errmsg"`
	}{e.code, e.message + " rid: " + randomHex(8) + "-" + randomHex(8) + "-" + randomHex(8)})
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Write(body)
}

// appOK is the errcode 0 that answers without other content carry.
type appOK struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// okReply is embedded in answers, as WeChat does it.
var okReply = appOK{0, "ok"}

// decode reads a JSON body into v.
func (c *appCall) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return &appError{47001, "data format error"}
	}
	return nil
}
