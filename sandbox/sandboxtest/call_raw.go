package sandboxtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"wuyepay/sandbox"
)

// RawCall signs a request by hand, for bodies that no SDK would send. It returns
// status, header and body of the reply.
func RawCall(t testing.TB, s *sandbox.Server, name, method, uri, body string, change func(*http.Request)) (int, http.Header, []byte) {
	t.Helper()
	return RawCallAt(t, s, name, time.Now(), method, uri, body, change)
}

// RawCallAt is RawCall signed at another moment.
func RawCallAt(
	t testing.TB, s *sandbox.Server, name string, when time.Time, method, uri, body string, change func(*http.Request),
) (int, http.Header, []byte) {
	t.Helper()
	k := KeysOf(t, s, name)
	at, nonce := strconv.FormatInt(when.Unix(), 10), "0123456789abcdef"
	signature, err := utils.SignSHA256WithRSA(method+"\n"+uri+"\n"+at+"\n"+nonce+"\n"+body+"\n", k.Key)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+uri, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", fmt.Sprintf(
		`WECHATPAY2-SHA256-RSA2048 signature="%s",mchid="%s",serial_no="%s",nonce_str="%s",timestamp="%s"`,
		signature, k.MchID, k.CertificateSerial, nonce, at))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "test")
	if change != nil {
		change(req)
	}
	return Do(t, req)
}

// Do sends a request and returns status, header and body of the reply.
func Do(t testing.TB, req *http.Request) (int, http.Header, []byte) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, data
}

// CodeOf returns the code of an error body.
func CodeOf(t testing.TB, body []byte) string {
	t.Helper()
	var e struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatalf("not an error body: %s", body)
	}
	return e.Code
}
