package apiv3

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/pay/merchant"
)

// The scheme of the Authorization header, and how far its timestamp may be off.
const (
	AuthScheme = "WECHATPAY2-SHA256-RSA2048"
	maxSkew    = 5 * time.Minute
)

// Authorize checks the signature of a request over the bytes and the request line as
// they were sent. It returns the merchant who signed it.
func (s *Host) Authorize(r *http.Request, body []byte) (*merchant.Merchant, *Error) {
	header := r.Header.Get("Authorization")
	fields, ok := parseAuthorization(header)
	if !ok {
		return nil, signError("Http头Authorization值格式错误", nil)
	}
	m := s.merchants.ByMchID[fields["mchid"]]
	if m == nil {
		return nil, signError("商户号不存在", nil)
	}
	verify := m.VerifyKey(fields["serial_no"])
	if verify == nil {
		return nil, signError("商户证书序列号有误", nil)
	}
	seconds, err := strconv.ParseInt(fields["timestamp"], 10, 64)
	if err != nil {
		return nil, signError("Http头Authorization的timestamp有误", nil)
	}
	if skew := time.Since(time.Unix(seconds, 0)).Abs(); skew > maxSkew {
		return nil, signError("Http头Authorization的timestamp与发起请求的时间不得超过5分钟", nil)
	}
	message := r.Method + "\n" + r.RequestURI + "\n" + fields["timestamp"] + "\n" + fields["nonce_str"] + "\n" + string(body) + "\n"
	if err := crypt.VerifySHA256(verify, []byte(message), fields["signature"]); err != nil {
		return nil, signError("错误的签名，验签失败", signDetail(r, message))
	}
	return m, nil
}

// parseAuthorization reads key="value" pairs in any order. It reports whether all that
// are needed are there.
func parseAuthorization(header string) (map[string]string, bool) {
	rest, ok := strings.CutPrefix(header, AuthScheme+" ")
	if !ok {
		return nil, false
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
			return nil, false
		}
		fields[key] = value[1 : len(value)-1]
	}
	for _, key := range []string{"mchid", "nonce_str", "timestamp", "serial_no", "signature"} {
		if fields[key] == "" {
			return nil, false
		}
	}
	return fields, true
}

// signDetail returns the detail of a SIGN_ERROR in WeChat's form, including the odd
// nesting of "issue".
func signDetail(r *http.Request, message string) any {
	const shown = 300
	truncated := message
	if len(truncated) > shown {
		truncated = truncated[:shown]
	}
	type issue struct {
		Issue string `json:"issue"`
	}
	type information struct {
		Method    string `json:"method"`
		Length    int    `json:"sign_message_length"`
		Truncated string `json:"truncated_sign_message"`
		URL       string `json:"url"`
	}
	return struct {
		Detail          issue       `json:"detail"`
		Field           string      `json:"field"`
		Location        string      `json:"location"`
		SignInformation information `json:"sign_information"`
	}{
		issue{"sign not match"}, "signature", "authorization",
		information{r.Method, len(message), truncated, r.RequestURI},
	}
}

// signError refuses a caller. It is sent unsigned, because no merchant is known yet to
// sign for.
func signError(message string, detail any) *Error {
	if detail == nil {
		detail = fieldDetail{Field: "authorization", Issue: message, Location: "header"}
	}
	return &Error{Status: 401, Code: "SIGN_ERROR", Numeric: 268443699, Message: message, detail: detail}
}
