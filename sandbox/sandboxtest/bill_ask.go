package sandboxtest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"io"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"

	"wuyepay/sandbox"
)

// BillAnswer is the reply to a bill call.
type BillAnswer struct {
	HashType  string `json:"hash_type"`
	HashValue string `json:"hash_value"`
	URL       string `json:"download_url"`
}

// AskBill makes a bill call, e.g. "tradebill?bill_date=2026-10-08".
func AskBill(t *testing.T, s *sandbox.Server, query string) (BillAnswer, error) {
	t.Helper()
	result, err := SDK(t, s).Get(t.Context(), consts.WechatPayAPIServer+"/v3/bill/"+query)
	if err != nil {
		return BillAnswer{}, err
	}
	var a BillAnswer
	if err := core.UnMarshalResponse(result.Response, &a); err != nil {
		t.Fatal(err)
	}
	return a, nil
}

// Download returns the plain file of a bill and checks its hash.
func Download(t *testing.T, s *sandbox.Server, a BillAnswer) []byte {
	t.Helper()
	result, err := Unverified(t, s, "main").Get(t.Context(), a.URL)
	if err != nil {
		t.Fatal(err)
	}
	if result.Response.Header.Get("Wechatpay-Signature") != "" {
		t.Error("a bill file is signed; it must not be")
	}
	data, err := io.ReadAll(result.Response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(zip); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha1.Sum(data)
	if a.HashType != "SHA1" || a.HashValue != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s %s is not the plain file's %x", a.HashType, a.HashValue, sum)
	}
	return data
}
